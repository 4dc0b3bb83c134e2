// The run panel's page.
import '@vscode/codicons/dist/codicon.css';
import 'uplot/dist/uPlot.min.css';
import '../ui/base.css';
import '../chart/chart.css';
import './panel.css';
import '../tensors/tensors.css';
import { startPage } from '../ui/page.ts';
import { Panel } from './panel.ts';

startPage((host, state) => new Panel(host, state));
