// The training view's page, in the sidebar.
import '@vscode/codicons/dist/codicon.css';
import 'uplot/dist/uPlot.min.css';
import '../ui/base.css';
import '../chart/chart.css';
import './training.css';
import { startPage } from '../ui/page.ts';
import { TrainingView } from './training.ts';

startPage((host, state) => new TrainingView(host, state));
