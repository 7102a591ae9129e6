// The kernel, written once: WebAssembly text from which build.mjs assembles two builds that differ in one instruction.

/** Bytes of a vector. */
const width = 16;
/** Vectors of a block that one turn of the loop takes. */
const unrolled = 2;
/** Outputs at most that are kept in registers while the inputs are walked. */
const outputsMax = 4;

/**
 * The module. It imports its memory as `kernel.memory` and exports, for 1 to 4 outputs at once, `dot1` … `dot4` and, where the first of
 * the outputs is the plain XOR of the inputs, `xor1` … `xor4`, all with the parameters
 *   inputs   address of k addresses (u32) of blocks
 *   k        how many
 *   outputs  address of the addresses of the outputs
 *   tables   for each input, for each output but a plain XOR: the 16 multiples of its coefficient by 0 … 15, then those by 16 · (0 … 15)
 *   length   bytes of each block, a positive multiple of 32
 * `swizzle`: the relaxed instruction is one shuffle of the processor; the strict one must give 0 for indices past 15, of which there are none.
 * @param {'i8x16.swizzle' | 'i8x16.relaxed_swizzle'} swizzle
 */
export function kernelWat(swizzle) {
  const counts = numbers(outputsMax).map((i) => i + 1);
  const functions = counts.flatMap((count) => [sums(`dot${count}`, 0, count, swizzle), sums(`xor${count}`, 1, count, swizzle)]);
  return `(module (import "kernel" "memory" (memory 1))\n${functions.join('\n')})`;
}

/**
 * One function: walks the blocks by 32 bytes, and for these the k inputs, with all sums in registers.
 * A product by a constant is linear, so it is the sum of the products of the two halves of a byte, which two shuffles look up for 16 bytes at
 * once (Plank, Greenan, Miller: Screaming Fast Galois Field Arithmetic Using Intel SIMD Instructions, FAST 2013).
 * @param {string} name
 * @param {0 | 1} xors how many of the outputs, the first ones, are a plain XOR
 * @param {number} outputs
 * @param {string} swizzle
 */
function sums(name, xors, outputs, swizzle) {
  const vectors = numbers(unrolled);
  const all = numbers(outputs);
  const products = all.slice(xors);
  const sum = (r, v) => `$sum${r}_${v}`;
  const each = (list, text) => list.map(text).join('\n');
  const locals = [
    ...vectors.flatMap((v) => [`$x${v}`, `$low${v}`, `$high${v}`]),
    ...all.flatMap((r) => vectors.map((v) => sum(r, v))),
    '$table',
  ];

  const addPlain = each(vectors, (v) => add(sum(0, v), `(local.get $x${v})`));
  const split = each(vectors, (v) =>
    [
      `(local.set $low${v} (v128.and (local.get $x${v}) ${fifteen}))`,
      `(local.set $high${v} (v128.and (i16x8.shr_u (local.get $x${v}) (i32.const 4)) ${fifteen}))`,
    ].join('\n'),
  );
  const addProducts = each(products, (r) =>
    each(['$low', '$high'], (half, i) =>
      [
        // Held in a local, or it is loaded for every vector.
        `(local.set $table (v128.load offset=${(2 * (r - xors) + i) * width} (local.get $multiples)))`,
        ...vectors.map((v) => add(sum(r, v), `(${swizzle} (local.get $table) (local.get ${half}${v}))`)),
      ].join('\n'),
    ),
  );

  return `
(func (export "${name}") (param $inputs i32) (param $k i32) (param $outputs i32) (param $tables i32) (param $length i32)
  (local $at i32) (local $end i32) (local $input i32) (local $multiples i32) (local $address i32)
  ${each(locals, (local) => `(local ${local} v128)`)}
  (local.set $end (i32.add (local.get $inputs) (i32.shl (local.get $k) (i32.const 2))))
  (loop $walk
    ${each(all, (r) => each(vectors, (v) => `(local.set ${sum(r, v)} (v128.const i64x2 0 0))`))}
    (local.set $input (local.get $inputs))
    (local.set $multiples (local.get $tables))
    (loop $next
      (local.set $address (i32.add (i32.load (local.get $input)) (local.get $at)))
      ${each(vectors, (v) => `(local.set $x${v} (v128.load offset=${v * width} (local.get $address)))`)}
      ${xors === 1 ? addPlain : ''}
      ${products.length > 0 ? `${split}\n${addProducts}\n${stride('$multiples', products.length * 2 * width)}` : ''}
      ${stride('$input', 4)}
      (br_if $next (i32.lt_u (local.get $input) (local.get $end))))
    ${each(
      all,
      (r) => `
    (local.set $address (i32.add (i32.load offset=${4 * r} (local.get $outputs)) (local.get $at)))
    ${each(vectors, (v) => `(v128.store offset=${v * width} (local.get $address) (local.get ${sum(r, v)}))`)}`,
    )}
    ${stride('$at', unrolled * width)}
    (br_if $walk (i32.lt_u (local.get $at) (local.get $length)))))`;
}

const fifteen = `(v128.const i8x16 ${Array(width).fill(15).join(' ')})`;
const add = (sum, term) => `(local.set ${sum} (v128.xor (local.get ${sum}) ${term}))`;
const stride = (local, bytes) => `(local.set ${local} (i32.add (local.get ${local}) (i32.const ${bytes})))`;
const numbers = (count) => Array.from({ length: count }, (_, i) => i);
