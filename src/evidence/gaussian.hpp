// Small dense Gaussian systems in plain loops: one order of summation whatever the
// compiler, so the same catalog gives the same bits in every build, and quick without optimisation.
#pragma once

#include <cstddef>
#include <vector>

namespace jobfit::evidence {

/// A symmetric matrix, row by row; only the lower triangle is read.
struct SymmetricMatrix {
  explicit SymmetricMatrix(std::size_t n) : size(n), values(n * n, 0.0) {}
  double& at(std::size_t row, std::size_t column) { return values[row * size + column]; }
  double at(std::size_t row, std::size_t column) const { return values[row * size + column]; }
  std::size_t size;
  std::vector<double> values;
};

/// The Cholesky factor in place of the lower triangle. False: not positive definite.
bool factorise(SymmetricMatrix& matrix);
/// The x of A x = b, with `factor` from factorise().
std::vector<double> solve(const SymmetricMatrix& factor, std::vector<double> b);
/// A^-1 whole (both triangles), with `factor` from factorise().
SymmetricMatrix inverse(const SymmetricMatrix& factor);

/// Value and variance of one number.
struct Estimate {
  double mean = 0;
  double variance = 0;
};

/// What evidence alone says: the prior taken out of the posterior. Variance infinite
/// (kNothing) where the posterior is no narrower.
inline constexpr double kNothing = 1e9;
Estimate without_prior(const Estimate& posterior, const Estimate& prior);

}  // namespace jobfit::evidence
