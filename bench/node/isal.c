/* Intel's ISA-L encoding 6+3 beside ours: isal.bench.ts compiles and drives it. Each line of standard input is one thing to do:
 *   parity          writes the three parity blocks of the data of bench/coding.ts to standard output
 *   sse MS, best MS encodes for MS milliseconds by the SSE code or the best this processor has; writes bytes of data per microsecond
 * The 18 coefficients of the parity rows are the arguments: both fields have the same polynomial, so the blocks must be the same too. */
#include <isa-l/erasure_code.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { k = 6, m = 3, block_bytes = 262144, table_bytes = 32 };

static double now_us(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1e6 + now.tv_nsec / 1e3;
}

int main(int count, char **arguments) {
  static unsigned char blocks[(k + m) * block_bytes] __attribute__((aligned(64)));
  unsigned char rows[m * k], tables[m * k * table_bytes];
  unsigned char *data[k], *parity[m];
  char line[64], way[64];
  double window_ms;

  if (count != 1 + m * k) return 2;
  for (int i = 0; i < m * k; i++) rows[i] = atoi(arguments[1 + i]);
  for (int i = 0; i < k; i++) data[i] = blocks + i * block_bytes;
  for (int i = 0; i < m; i++) parity[i] = blocks + (k + i) * block_bytes;
  uint32_t state = 1;
  for (int i = 0; i < k * block_bytes; i++) {
    state = state * 1664525u + 1013904223u;
    blocks[i] = state >> 24;
  }
  ec_init_tables(k, m, rows, tables);

  while (fgets(line, sizeof line, stdin)) {
    if (strcmp(line, "parity\n") == 0) {
      ec_encode_data_sse(block_bytes, k, m, tables, data, parity);
      fwrite(parity[0], block_bytes, m, stdout);
    } else if (sscanf(line, "%63s %lf", way, &window_ms) == 2) {
      int sse = strcmp(way, "sse") == 0;
      double bytes = 0, us, begun = now_us();
      do {
        if (sse)
          ec_encode_data_sse(block_bytes, k, m, tables, data, parity);
        else
          ec_encode_data(block_bytes, k, m, tables, data, parity);
        bytes += k * block_bytes;
        us = now_us() - begun;
      } while (us < window_ms * 1e3);
      printf("%f\n", bytes / us);
    } else {
      return 2;
    }
    fflush(stdout);
  }
  return 0;
}
