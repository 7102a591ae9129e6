import { kernelContract } from './kernel.contract.ts';

kernelContract('Chromium', 'relaxed');
