/** Every number of the wire, in one place. Sizes in bytes, times in ms. Each is listed with its test in docs/LIMITS.md. */

/** The one version of sessions and messages spoken so far. */
export const protocolVersion = 1;

// --- Frames --------------------------------------------------------------------------------------------------------------------

export const frameHeaderBytes = 12;
/** Largest frame, header included: every WebRTC stack carries it whole. */
export const frameBytesMax = 65_536;
export const payloadBytesMax = frameBytesMax - frameHeaderBytes;
/** Largest control message, over all its fragments. */
export const messageBytesMax = 1_048_576;
/** Frame size of control fragments and of cold links: a quarter of the cold window, so that one always fits above the low water mark. */
export const smallFrameBytes = 16_384;

// --- Sending -------------------------------------------------------------------------------------------------------------------

/** Most that may wait in the channel's own buffer until the link has carried `warmAfterBytes`: larger windows stall cold links. */
export const coldWindowBytes = 65_536;
export const warmWindowBytes = 262_144;
export const warmAfterBytes = 8_388_608;
/** The least limit on bandwidth that may be set, bytes a second: below it peers would take this one for stalled. */
export const bandwidthMin = 65_536;
/** How often a blocked sender looks by itself: one WebRTC stack never fires its low event. */
export const windowPollMs = 250;
/** Most bytes of control messages that may wait for the window. Past it the other side does not read: the link is closed. */
export const controlQueueBytesMax = 8 * messageBytesMax;

// --- Credit --------------------------------------------------------------------------------------------------------------------

/** How far a receiver grants ahead of consumption: per stream, and per link over all its streams. */
export const streamCreditBytes = 1_048_576;
export const linkCreditBytes = 4_194_304;
/** Credit is granted in steps of this size, so that one CREDIT frame serves many data frames. */
export const creditStepBytes = 262_144;
/** The least credit that a data frame with a payload uses up: bounds how many frames 1 MiB of credit can be cut into. */
export const frameCreditMin = 256;
/** Bytes of one stream and direction in all: its credit total is a u32. */
export const streamBytesMax = 0xffff_ffff;

// --- Requests ------------------------------------------------------------------------------------------------------------------

/** Request ids are u32 in frames. */
export const requestIdMax = 0xffff_ffff;
/** Requests of the other side that may run at once on a link; the next one is answered `busy`. */
export const incomingRequestsMax = 64;
/** Own requests under way at once on a link; the next one fails with `busy`. */
export const callsMax = 256;
/** Longest detail text of a typed error. */
export const detailTextMax = 1_024;
/** Longest name of a swarm, UTF-16 units. */
export const swarmTextMax = 64;
/** How far the clock of a signed request may be off. */
export const requestSkewMs = 300_000;

// --- Handshake -----------------------------------------------------------------------------------------------------------------

/** All frames of one side before the handshake is done. */
export const handshakeBytesMax = 4_096;
export const handshakeMs = 10_000;
/** Frames that may wait at the responder while it verifies the initiator's signature. */
export const heldBytesMax = 1_048_576;

// --- Links ---------------------------------------------------------------------------------------------------------------------

/** Links that a peer makes by itself, and those it has at most, with links that others and its own requests asked for. */
export const linksWanted = 16;
export const linksMax = 64;
/** A link that was idle for so long may make room for another. */
export const spareAfterMs = 60_000;
/** A link over which nothing came for so long counts for none. */
export const silentAfterMs = 150_000;
export const dialsMax = 4;
export const dialMs = 10_000;
/** How long a peer with the higher NodeId waits to be dialled before it knocks. */
export const knockAfterMs = 3_000;
export const redialMinMs = 1_000;
export const redialMaxMs = 60_000;
/** A link that lived this long is redialled at once when it is lost; a shorter one with backoff. */
export const steadyLinkMs = 10_000;
/** Peers remembered in all, linked or not. */
export const peersMax = 1_000;
/** Peers that a digest names: 48 bytes each, so that one message holds them all. */
export const digestPeersMax = peersMax;
export const digestBytesMax = 48 * digestPeersMax;
/** Heartbeats passed on at once, so that their message stays below 65,536 bytes. */
export const heartbeatsMax = 200;
/** How long `connect` waits for a session. */
export const connectMs = 20_000;
/** How long a leaving peer waits for its `bye` to go out. */
export const byeMs = 250;

// --- Bodies --------------------------------------------------------------------------------------------------------------------

/** A descriptor of 262,144 bytes names at most 8,192 shards. */
export const bitmapBytesMax = 1_024;
/** Largest signed claim, heartbeat and request. */
export const claimBytesMax = 1_280;
export const heartbeatBytesMax = 320;
export const requestBytesMax = 512;
/** Longest name that an operator gives to a failure domain or a region, in UTF-8. */
export const labelBytesMax = 64;
/** Largest signed renewal and tombstone. */
export const statementBytesMax = 128;
/** Versions of an object in its record. */
export const headsMax = 2;
/** Largest record, so that one fits a message beside kind and id. */
export const recordBytesMax = 1_048_000;
/** Records that the digest of a sync names: record key and stamp, 48 bytes each. */
export const syncEntriesMax = 5_000;
export const syncDigestBytesMax = 48 * syncEntriesMax;
/** Objects renewed by one message. */
export const renewalsMax = 256;
/** Claims on one head: 4 n at most, n ≤ 255. */
export const claimsMax = 1_020;
/** Largest shard: 32 blocks of 262,144 bytes, 128 leaves. */
export const shardBytesMax = 8_388_608;
export const shardLeavesMax = 128;
/** Largest multi-leaf proof over 128 leaves: 14 roots of 32 bytes, rounded up. */
export const proofBytesMax = 512;
/** A longer claim lifetime is refused. */
export const claimLifetimeMs = 30 * 24 * 3_600_000;
/** A lease that ends further ahead is not kept. */
export const leaseAheadMaxMs = 400 * 24 * 3_600_000;
