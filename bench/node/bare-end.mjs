// One end of a bare node-datachannel channel: what a link could carry at best. Started twice by two-processes.ts.
import { RTCPeerConnection } from 'node-datachannel/polyfill';

const frameBytes = 65_536;
const windowBytes = 65_536;

const pc = new RTCPeerConnection({ iceServers: [] });
const channel = pc.createDataChannel('bare', { negotiated: true, id: 100 });
const say = (message) => process.send(message);
/** Candidates that may not be used, or told, before both descriptions are set. */
const early = [];
const own = [];
let answered = false;
let left = 0;
let beganMs = 0;

pc.onicecandidate = ({ candidate }) => {
  if (answered) say({ t: 'signal', data: { candidate } });
  else own.push(candidate);
};
channel.bufferedAmountLowThreshold = windowBytes / 2;
channel.onopen = () => say({ t: 'linked' });

async function described() {
  answered = true;
  for (const candidate of early.splice(0)) await pc.addIceCandidate(candidate);
  for (const candidate of own.splice(0)) say({ t: 'signal', data: { candidate } });
}

async function signal({ sdp, type, candidate }) {
  if (candidate) return answered ? pc.addIceCandidate(candidate) : void early.push(candidate);
  await pc.setRemoteDescription({ type, sdp });
  if (type === 'offer') {
    const answer = await pc.createAnswer();
    say({ t: 'signal', data: { type: 'answer', sdp: answer.sdp } });
  }
  await described();
}

const frame = new Uint8Array(frameBytes).fill(7);
function pump() {
  while (left > 0 && channel.bufferedAmount + frameBytes <= windowBytes) {
    channel.send(frame);
    left -= frameBytes;
  }
}
channel.onbufferedamountlow = pump;

let expected = 0;
let received = 0;
channel.onmessage = ({ data }) => {
  // The sender says first how many are to come; the receiver answers when they have.
  if (typeof data === 'string') {
    if (data === 'done') say({ t: 'carried', ms: performance.now() - beganMs });
    else [expected, received] = [Number(data), 0];
    return;
  }
  received += data.byteLength;
  if (received >= expected) channel.send('done');
};

async function offer() {
  await pc.setLocalDescription({ type: 'offer' });
  const { sdp } = await pc.createOffer();
  say({ t: 'signal', data: { type: 'offer', sdp } });
}

function carry(bytes) {
  channel.send(String(bytes));
  left = bytes;
  beganMs = performance.now();
  pump();
}

process.on('message', (message) => {
  if (message.t === 'link' && message.initiator) void offer();
  else if (message.t === 'signal') void signal(message.data);
  else if (message.t === 'carry') carry(message.bytes);
});
process.on('disconnect', () => process.exit(0));
say({ t: 'ready', hello: '' });
