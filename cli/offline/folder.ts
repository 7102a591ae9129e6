import type { Descriptor } from '../../src/core/object/descriptor.ts';
import { type Geometry, geometry } from '../../src/core/object/geometry.ts';

/** The signed descriptor in an object's folder (SPEC DISK-1). */
export const descriptorFile = 'descriptor.cbor';

/** A shard's file in an object's folder (SPEC DISK-1). */
export const shardFile = (segment: number, shard: number): string => `${segment}-${shard}.shard`;

export const geometryOf = ({ k, m, ciphertextLength }: Descriptor): Geometry => geometry(k, m, ciphertextLength);

export const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
