// The torch package on the processor.
import { testPython } from './outcomes.mjs';

testPython('cpu');
