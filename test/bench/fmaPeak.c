/*
 * How many multiply-adds a processor can do: fmaPeak THREADS SECONDS. Prints one JSON line: GFLOP/s of all threads with
 * vectors of 128 and of 256 bits. Twelve sums that depend on nothing but themselves keep two pipes of four cycles full.
 */
#define _POSIX_C_SOURCE 199309L
#include <immintrin.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { SUMS = 12, INNER = 20000, MOST_THREADS = 64 };

static double seconds;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec * 1e-9;
}

/* Unrolled, so that the sums stay in registers. */
#define EACH_SUM _Pragma("GCC unroll 12") for (int s = 0; s < SUMS; s++)

/* The empty instruction keeps the compiler from computing the sums at compile time or dropping them. */
#define PEAK(NAME, VECTOR, SET, FMA, LANES)                                                        \
  static void *NAME(void *result) {                                                                \
    VECTOR factor = SET(0.999f), addend = SET(1e-3f), sum[SUMS];                                   \
    EACH_SUM sum[s] = SET(s * 1e-3f);                                                              \
    long rounds = 0;                                                                               \
    const double start = now();                                                                    \
    double end = start;                                                                            \
    for (; end - start < seconds; rounds++, end = now()) {                                         \
      for (int i = 0; i < INNER; i++)                                                              \
        EACH_SUM {                                                                                 \
          sum[s] = FMA(sum[s], factor, addend);                                                    \
          __asm__ volatile("" : "+x"(sum[s]));                                                     \
        }                                                                                          \
    }                                                                                              \
    *(double *)result = rounds * (double)INNER * SUMS * LANES * 2 / (end - start) / 1e9;           \
    return NULL;                                                                                   \
  }

PEAK(peak128, __m128, _mm_set1_ps, _mm_fmadd_ps, 4)
PEAK(peak256, __m256, _mm256_set1_ps, _mm256_fmadd_ps, 8)

static double together(void *(*peak)(void *), int threads) {
  pthread_t ids[MOST_THREADS];
  double results[MOST_THREADS], sum = 0;
  for (int i = 0; i < threads; i++) pthread_create(&ids[i], NULL, peak, &results[i]);
  for (int i = 0; i < threads; i++) pthread_join(ids[i], NULL);
  for (int i = 0; i < threads; i++) sum += results[i];
  return sum;
}

int main(int argc, char **argv) {
  if (argc < 3) return 1;
  int threads = atoi(argv[1]);
  if (threads < 1 || threads > MOST_THREADS) return 1;
  seconds = atof(argv[2]);
  const double narrow = together(peak128, threads), wide = together(peak256, threads);
  printf("{\"gflops\": [%.2f, %.2f]}\n", narrow, wide);
  return 0;
}
