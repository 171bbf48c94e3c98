/*
 * W1 in C: w1 DATA EPOCHS REPEATS. Prints one JSON line. DATA is the file that test/bench/w1Data.ts describes.
 * The loop nest a careful C programmer would write: static shapes, row-major, the innermost loop over what is contiguous,
 * so that `gcc -O3 -march=native -ffast-math` unrolls and vectorises it. Evaluates on all validation rows each epoch.
 */
#define _POSIX_C_SOURCE 199309L
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BATCH = 20, IN = 5, HIDDEN = 10, CLASSES = 3 };
enum { W1 = 0, B1 = 50, W2 = 60, B2 = 160, W3 = 170, B3 = 200, PARAMETERS = 203 };

static float p[PARAMETERS], g[PARAMETERS], m[PARAMETERS], v[PARAMETERS];
static float h1[BATCH][HIDDEN], h2[BATCH][HIDDEN], z[BATCH][CLASSES];
static float d1[BATCH][HIDDEN], d2[BATCH][HIDDEN], d3[BATCH][CLASSES];

#define DENSE(NAME, K, N, RELU)                                                                    \
  static void NAME(const float *restrict x, const float *restrict w, const float *restrict b,      \
                   float *restrict y, int rows) {                                                  \
    for (int r = 0; r < rows; r++) {                                                               \
      float sum[N];                                                                                \
      for (int n = 0; n < N; n++) sum[n] = b[n];                                                   \
      for (int k = 0; k < K; k++)                                                                  \
        for (int n = 0; n < N; n++) sum[n] += x[r * K + k] * w[k * N + n];                         \
      for (int n = 0; n < N; n++) y[r * N + n] = RELU && sum[n] < 0 ? 0 : sum[n];                  \
    }                                                                                              \
  }
DENSE(dense1, IN, HIDDEN, 1)
DENSE(dense2, HIDDEN, HIDDEN, 1)
DENSE(dense3, HIDDEN, CLASSES, 0)

/* Gradients of kernel and bias: x^T d and the sum of d over the rows. */
#define WEIGHTS(NAME, K, N)                                                                        \
  static void NAME(const float *restrict x, const float *restrict d, float *restrict gw,           \
                   float *restrict gb, int rows) {                                                 \
    float sum[K][N] = {{0}}, bias[N] = {0};                                                        \
    for (int r = 0; r < rows; r++) {                                                               \
      for (int n = 0; n < N; n++) bias[n] += d[r * N + n];                                         \
      for (int k = 0; k < K; k++)                                                                  \
        for (int n = 0; n < N; n++) sum[k][n] += x[r * K + k] * d[r * N + n];                      \
    }                                                                                              \
    memcpy(gw, sum, sizeof sum);                                                                   \
    memcpy(gb, bias, sizeof bias);                                                                 \
  }
WEIGHTS(weights1, IN, HIDDEN)
WEIGHTS(weights2, HIDDEN, HIDDEN)
WEIGHTS(weights3, HIDDEN, CLASSES)

/* Gradient of a layer's input, where its relu let something through: d w^T. */
#define INPUT(NAME, K, N)                                                                          \
  static void NAME(const float *restrict d, const float *restrict w, const float *restrict h,      \
                   float *restrict out, int rows) {                                                \
    float wt[N][K];                                                                                \
    for (int k = 0; k < K; k++)                                                                    \
      for (int n = 0; n < N; n++) wt[n][k] = w[k * N + n];                                         \
    for (int r = 0; r < rows; r++) {                                                               \
      float sum[K] = {0};                                                                          \
      for (int n = 0; n < N; n++)                                                                  \
        for (int k = 0; k < K; k++) sum[k] += d[r * N + n] * wt[n][k];                             \
      for (int k = 0; k < K; k++) out[r * K + k] = h[r * K + k] > 0 ? sum[k] : 0;                  \
    }                                                                                              \
  }
INPUT(input3, HIDDEN, CLASSES)
INPUT(input2, HIDDEN, HIDDEN)

static void forward(const float *x, int rows) {
  dense1(x, p + W1, p + B1, h1[0], rows);
  dense2(h1[0], p + W2, p + B2, h2[0], rows);
  dense3(h2[0], p + W3, p + B3, z[0], rows);
}

/* Sum of the losses; d3 = (softmax - one-hot) / rows; counts rows whose largest score is the target. */
static float crossEntropy(const int *y, int rows, int *correct) {
  float loss = 0;
  int right = 0;
  for (int r = 0; r < rows; r++) {
    float top = fmaxf(z[r][0], fmaxf(z[r][1], z[r][2])), e[CLASSES], sum = 0;
    for (int c = 0; c < CLASSES; c++) sum += e[c] = expf(z[r][c] - top);
    loss += logf(sum) + top - z[r][y[r]];
    right += z[r][y[r]] == top;
    for (int c = 0; c < CLASSES; c++) d3[r][c] = (e[c] / sum - (c == y[r])) / rows;
  }
  *correct += right;
  return loss;
}

static void adam(int step) {
  float alpha = 1e-3f / -expm1f(step * logf(0.9f)), scale = 1 / sqrtf(-expm1f(step * logf(0.999f)));
  for (int i = 0; i < PARAMETERS; i++) {
    m[i] = 0.9f * m[i] + 0.1f * g[i];
    v[i] = 0.999f * v[i] + 0.001f * g[i] * g[i];
    p[i] -= alpha * m[i] / (sqrtf(v[i]) * scale + 1e-8f);
  }
}

typedef struct { int rows; const float *x; const int *y; } Split;

static float train(Split s, int *step, float *losses, float *right) {
  float total = 0;
  for (int from = 0, i = 0; from < s.rows; from += BATCH, i++) {
    int rows = s.rows - from < BATCH ? s.rows - from : BATCH, correct = 0;
    const float *x = s.x + from * IN;
    forward(x, rows);
    float loss = crossEntropy(s.y + from, rows, &correct) / rows;
    losses[i] = loss;
    right[i] = correct;
    total += loss * rows;
    weights3(h2[0], d3[0], g + W3, g + B3, rows);
    input3(d3[0], p + W3, h2[0], d2[0], rows);
    weights2(h1[0], d2[0], g + W2, g + B2, rows);
    input2(d2[0], p + W2, h1[0], d1[0], rows);
    weights1(x, d1[0], g + W1, g + B1, rows);
    adam(++*step);
  }
  return total / s.rows;
}

static float evaluate(Split s, int *correct) {
  float total = 0;
  for (int from = 0; from < s.rows; from += BATCH) {
    int rows = s.rows - from < BATCH ? s.rows - from : BATCH;
    forward(s.x + from * IN, rows);
    total += crossEntropy(s.y + from, rows, correct);
  }
  return total / s.rows;
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e3 + t.tv_nsec * 1e-6;
}

static void *take(FILE *file, size_t count) {
  void *values = malloc(count * 4);
  if (values == NULL || fread(values, 4, count, file) != count) exit(1);
  return values;
}

int main(int count, char **arguments) {
  if (count != 4) return 2;
  FILE *file = fopen(arguments[1], "rb");
  if (file == NULL) return 1;
  int epochs = atoi(arguments[2]), repeats = atoi(arguments[3]), *rows = take(file, 2);
  Split training = {rows[0], take(file, rows[0] * IN), take(file, rows[0])};
  Split validation = {rows[1], take(file, rows[1] * IN), take(file, rows[1])};
  const float *initial = take(file, PARAMETERS);
  float *losses = malloc(training.rows * 8), loss = 0, validationLoss = 0;
  int correct = 0;
  printf("{\"peer\": \"C, gcc -O3 -march=native -ffast-math\", \"milliseconds\": [");
  for (int i = 0; i < repeats + 1; i++) {
    int step = 0;
    memcpy(p, initial, sizeof p);
    memset(m, 0, sizeof m);
    memset(v, 0, sizeof v);
    double started = now();
    for (int epoch = 0; epoch < epochs; epoch++) {
      correct = 0;
      loss = train(training, &step, losses, losses + training.rows);
      validationLoss = evaluate(validation, &correct);
    }
    /* The first run only warms up. */
    if (i > 0) printf("%s%.4f", i > 1 ? ", " : "", now() - started);
  }
  printf("], \"loss\": %.6f, \"val_loss\": %.6f, \"correct\": %d}\n", loss, validationLoss, correct);
  return 0;
}
