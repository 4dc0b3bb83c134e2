// The operations and recurrent layers on an OpenCL device.
import { testPython } from './outcomes.mjs';

testPython('gpu', ['on_device']);
