// One operation on elements: OP names the function below; A, B, C are the types in which operands are stored, A_NUMBER
// and its like stand where an operand is a number, OUT is the type stored. Dimensions of size 1 that an operand is
// repeated along have stride 0.
typedef struct {
  int sizes[12];
  int strides[4][12];
} Shape;

#define OP1(name, value) \
  static T op_##name(T a, T b, T c, T x, T y, global int* fault) { return value; }

OP1(copy, a)
OP1(maximum, a > b || a != a ? a : b)
OP1(minimum, a < b || a != a ? a : b)
OP1(where, a != 0 ? b : c)
OP1(relu, a < 0 ? 0 : a)
OP1(relu_backward, a <= 0 ? 0 : b)
OP1(eq, a == b)
OP1(ne, a != b)
OP1(lt, a < b)
OP1(le, a <= b)
OP1(gt, a > b)
OP1(ge, a >= b)
OP1(logical_not, a == 0)
OP1(neg, -a)
OP1(sign, (a > 0) - (a < 0))

#if IS_BOOL
OP1(add_stub, a | b)
OP1(mul, a & b)
OP1(bitwise_not, !a)
#else
OP1(add_stub, a + x * b)
OP1(mul, a * b)
#endif
OP1(addcmul, a + x * b * c)
static T op_clamp(T a, T low, T high, T x, T y, global int* fault) {
  const T raised = a < low || low != low ? low : a;
  return raised > high || high != high ? high : raised;
}

#if FLOATING
OP1(abs, fabs(a))
OP1(isnan, a != a)
OP1(isinf, fabs(a) == INFINITY)
OP1(isfinite, fabs(a) < INFINITY)
OP1(div_true, a / b)
OP1(div_trunc, trunc(a / b))
OP1(fmod, fmod(a, b))
OP1(pow, pow(a, b))
OP1(lerp, x < (T)0.5 ? a + x * (b - a) : b - (b - a) * (1 - x))
OP1(atan2, atan2(a, b))
OP1(hypot, hypot(a, b))
OP1(copysign, copysign(a, b))
OP1(nextafter, nextafter(a, b))
OP1(xlogy, b != b ? b : a == 0 ? 0 : a * log(b))
OP1(addcdiv, a + x * b / c)
OP1(exp, exp(a))
OP1(expm1, expm1(a))
OP1(log, log(a))
OP1(log1p, log1p(a))
OP1(log2, log2(a))
OP1(log10, log10(a))
OP1(sqrt, sqrt(a))
OP1(rsqrt, 1 / sqrt(a))
OP1(reciprocal, 1 / a)
OP1(sin, sin(a))
OP1(cos, cos(a))
OP1(tan, tan(a))
OP1(erf, erf(a))
OP1(floor, floor(a))
OP1(ceil, ceil(a))
OP1(round, rint(a))
OP1(trunc, trunc(a))
OP1(exp2, exp2(a))
OP1(sinh, sinh(a))
OP1(cosh, cosh(a))
OP1(asin, asin(a))
OP1(acos, acos(a))
OP1(atan, atan(a))
OP1(asinh, asinh(a))
OP1(acosh, acosh(a))
OP1(atanh, atanh(a))
OP1(erfc, erfc(a))
OP1(lgamma, lgamma(a))
static T remainder_of(T a, T b) {
  const T r = fmod(a, b);
  return r != 0 && (r < 0) != (b < 0) ? r + b : r;
}
OP1(remainder, remainder_of(a, b))
static T op_div_floor(T a, T b, T c, T x, T y, global int* fault) {
  if (b == 0) return a / b;
  const T modulus = fmod(a, b);
  T divided = (a - modulus) / b;
  if (modulus != 0 && (b < 0) != (modulus < 0)) divided -= 1;
  if (divided == 0) return copysign((T)0, a / b);
  const T lower = floor(divided);
  return divided - lower > (T)0.5 ? lower + 1 : lower;
}
static T op_sinc(T a, T b, T c, T x, T y, global int* fault) {
  const T angle = (T)3.14159265358979323846 * a;
  return a == 0 ? 1 : sin(angle) / angle;
}
static T op_logaddexp(T a, T b, T c, T x, T y, global int* fault) {
  if (a == b && fabs(a) == INFINITY) return a;
  return fmax(a, b) + log1p(exp(-fabs(a - b)));
}

#if IS_SPECIAL
// In the type in which sums are made. The methods are those of the processor (backend/cpu/kernels/special.h).
#define PI ((ACC)3.14159265358979323846)
static T op_erfinv(T a, T b, T c, T x, T y, global int* fault) {
  const ACC size = fabs((ACC)a);
  if (!(size < 1)) return size == 1 ? copysign((T)INFINITY, a) : NAN;
  const ACC l = log1p(-size * size), t = 2 / (PI * (ACC)0.147) + l / 2;
  ACC found = sqrt(sqrt(t * t - l / (ACC)0.147) - t);
  for (int i = 0; i < 4; ++i) {
    const ACC error = size > (ACC)0.5 ? (1 - size) - erfc(found) : erf(found) - size;
    const ACC step = error * sqrt(PI) / 2 * exp(found * found);
    found -= step / (1 + found * step);
  }
  return copysign((T)found, a);
}
static T op_digamma(T a, T b, T c, T x, T y, global int* fault) {
  if (a == 0) return copysign((T)INFINITY, -a);
  ACC at = a, result = 0;
  if (at < 0) {
    const ACC whole = trunc(at);
    if (whole == at) return NAN;
    result = -PI / tan(PI * (at - whole));
    at = 1 - at;
  }
  for (; at < 10; at += 1) result -= 1 / at;
  const ACC z = 1 / (at * at);
  const ACC tail = z * ((ACC)1 / 12 - z * ((ACC)1 / 120 - z * ((ACC)1 / 252 - z * ((ACC)1 / 240 - z / 132))));
  return result + log(at) - (ACC)0.5 / at - tail;
}
// Hurwitz's zeta, the sum of (q + k)^-s over k.
static ACC zeta(ACC s, ACC q) {
  if (isinf(q) && q > 0) return 0;
  if (q <= 0 && q == floor(q)) return INFINITY;
  ACC sum = 0;
  int k = 0;
  for (; k < 12 || q + k < 10; ++k) sum += pow(q + k, -s);
  const ACC at = q + k;
  ACC term = pow(at, -s);
  sum += term * at / (s - 1) + term / 2;
  const ACC bernoulli[] = {(ACC)1 / 12, -(ACC)1 / 720, (ACC)1 / 30240, -(ACC)1 / 1209600, (ACC)1 / 47900160};
  term *= s / at;
  for (int j = 0; j < 5; ++j) {
    sum += bernoulli[j] * term;
    term *= (s + 2 * j + 1) * (s + 2 * j + 2) / (at * at);
  }
  return sum;
}
static T op_polygamma(T a, T b, T c, T x, T y, global int* fault) {
  if (x == 1 && a < (T)0.5) {
    const ACC sine = sin(PI * a);
    return PI * PI / (sine * sine) - zeta(2, 1 - (ACC)a);
  }
  return ((int)x % 2 ? 1 : -1) * tgamma((ACC)x + 1) * zeta((ACC)x + 1, a);
}
static ACC bessel_i(int order, T a) {
  const ACC size = fabs((ACC)a), sign_ = order == 1 && a < 0 ? -1 : 1;
  if (size < 20) {
    const ACC q = size * size / 4;
    ACC term = order == 0 ? 1 : size / 2, sum = term;
    for (int k = 1; k < 80 && term > (ACC)1e-17 * sum; ++k) sum += term *= q / (k * (ACC)(k + order));
    return sign_ * sum;
  }
  ACC term = 1, sum = 1;
  for (int k = 1; k < 40; ++k) {
    const ACC odd = 2 * k - 1, next = -term * (4 * order - odd * odd) / (8 * size * k);
    if (fabs(next) >= fabs(term)) break;
    sum += term = next;
  }
  const ACC half_ = exp(size / 2);
  return sign_ * half_ / sqrt(2 * PI * size) * sum * half_;
}
OP1(i0, bessel_i(0, a))
OP1(i1, bessel_i(1, a))
#endif

static T logistic(T a) { return 1 / (1 + exp(-a)); }
static T cubic_tanh(T a) { return tanh((T)0.79788456080286535588 * (a + (T)0.044715 * a * a * a)); }
static T normal_cdf(T a) { return (T)0.5 * (1 + erf(a * (T)0.70710678118654752440)); }
static T normal_density(T a) { return (T)0.39894228040143267794 * exp(-(T)0.5 * a * a); }
OP1(sigmoid, logistic(a))
OP1(tanh, tanh(a))
OP1(leaky_relu, a > 0 ? a : a * x)
OP1(elu, a > 0 ? a : x * expm1(a))
OP1(softplus, a * x > y ? a : log1p(exp(a * x)) / x)
OP1(silu, a * logistic(a))
OP1(gelu_erf, a * normal_cdf(a))
OP1(gelu_tanh, (T)0.5 * a * (1 + cubic_tanh(a)))
OP1(sigmoid_backward, b * ((1 - a) * a))
OP1(tanh_backward, b * (1 - a * a))
OP1(leaky_relu_backward, a > 0 ? b : b * x)
OP1(elu_backward, a > 0 ? b : b * x * exp(a))
OP1(softplus_backward, a * x > y ? b : b * logistic(a * x))
OP1(silu_backward, b * (logistic(a) * (1 + a * (1 - logistic(a)))))
OP1(gelu_erf_backward, b * (normal_cdf(a) + a * normal_density(a)))
static T op_gelu_tanh_backward(T a, T b, T c, T x, T y, global int* fault) {
  const T t = cubic_tanh(a), slope = (T)0.79788456080286535588 * (1 + (T)0.134145 * a * a);
  return b * ((T)0.5 * (1 + t) + (T)0.5 * a * (1 - t * t) * slope);
}
#else
OP1(abs, a < 0 ? -a : a)
OP1(isnan, 0)
OP1(isinf, 0)
OP1(isfinite, 1)
OP1(bitwise_and, a & b)
OP1(bitwise_or, a | b)
OP1(bitwise_xor, a ^ b)
#if !IS_BOOL
OP1(bitwise_not, ~a)
OP1(lshift, b < 0 || b >= (T)(8 * sizeof(T)) ? 0 : (T)(a << b))
OP1(rshift, b < 0 || b >= (T)(8 * sizeof(T)) ? (a < 0 ? -1 : 0) : (T)(a >> b))
// The divisor is not 0; the one quotient that does not fit wraps around.
static T quotient(T a, T b) { return b == (T)-1 ? (T)(0 - a) * (b < 0 ? 1 : 0) + (b < 0 ? 0 : a / b) : a / b; }
static T rest(T a, T b) { return b < 0 && b == (T)-1 ? 0 : a % b; }
static int is_divisor(T b, global int* fault) {
  if (b == 0) *fault = ZERO_DIVISION;
  return b != 0;
}
static T floored(T a, T b) {
  const T q = quotient(a, b), r = rest(a, b);
  return r != 0 && (r < 0) != (b < 0) ? q - 1 : q;
}
static T signed_rest(T a, T b) {
  const T r = rest(a, b);
  return r != 0 && (r < 0) != (b < 0) ? r + b : r;
}
OP1(div_floor, is_divisor(b, fault) ? floored(a, b) : 0)
OP1(div_trunc, is_divisor(b, fault) ? quotient(a, b) : 0)
OP1(remainder, is_divisor(b, fault) ? signed_rest(a, b) : 0)
OP1(fmod, is_divisor(b, fault) ? rest(a, b) : 0)
static T divisor_of(T a, T b) {
  while (b != 0) {
    const T left = rest(a, b);
    a = b;
    b = left;
  }
  return a < 0 ? (T)(0 - a) : a;
}
static T op_lcm(T a, T b, T c, T x, T y, global int* fault) {
  const T divisor = divisor_of(a, b);
  const T multiple = divisor == 0 ? 0 : (T)(a / divisor * b);
  return multiple < 0 ? (T)(0 - multiple) : multiple;
}
OP1(gcd, divisor_of(a, b))
static T op_pow(T a, T b, T c, T x, T y, global int* fault) {
  if (b < 0) return a == 1 ? 1 : a == (T)-1 ? (b % 2 ? (T)-1 : 1) : 0;
  T result = 1;
  for (; b; b /= 2, a *= a)
    if (b % 2) result *= a;
  return result;
}
#endif
#endif

// How an operand comes: as an element converted to T, or as a number.
#if IS_BOOL
#define CONVERTED(value) ((value) != 0)
#else
#define CONVERTED(value) ((T)(value))
#endif

kernel void pointwise(int n, Shape shape, global OUT* out, int out_first,
#ifdef A
                      global const A* a, int a_first,
#else
                      T a_value,
#endif
#ifdef B
                      global const B* b, int b_first,
#else
                      T b_value,
#endif
#ifdef C
                      global const C* c, int c_first,
#else
                      T c_value,
#endif
                      T x, T y, global int* fault) {
  int rest_ = (int)get_global_id(0);
  if (rest_ >= n) return;
  int at0 = out_first, at1 = 0, at2 = 0, at3 = 0;
  for (int d = RANK - 1; d >= 0; --d) {
    const int i = d ? rest_ % shape.sizes[d] : rest_;
    rest_ /= shape.sizes[d];
    at0 += i * shape.strides[0][d];
    at1 += i * shape.strides[1][d];
    at2 += i * shape.strides[2][d];
    at3 += i * shape.strides[3][d];
  }
#ifdef A
#if CONDITION
  const T a_value = a[a_first + at1] != 0;
#else
  const T a_value = CONVERTED(a[a_first + at1]);
#endif
#endif
#ifdef B
  const T b_value = CONVERTED(b[b_first + at2]);
#endif
#ifdef C
  const T c_value = CONVERTED(c[c_first + at3]);
#endif
  const T result = OP(a_value, b_value, c_value, x, y, fault);
#if OUT_IS_BOOL
  out[at0] = result != 0;
#else
  out[at0] = (OUT)result;
#endif
}
