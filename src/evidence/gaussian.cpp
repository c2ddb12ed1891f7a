#include "evidence/gaussian.hpp"

#include <cassert>
#include <cmath>

namespace jobfit::evidence {

bool factorise(SymmetricMatrix& matrix) {
  const std::size_t n = matrix.size;
  for (std::size_t j = 0; j < n; ++j) {
    double* row_j = &matrix.values[j * n];
    for (std::size_t k = 0; k < j; ++k) row_j[j] -= row_j[k] * row_j[k];
    if (!(row_j[j] > 0)) return false;
    row_j[j] = std::sqrt(row_j[j]);
    for (std::size_t i = j + 1; i < n; ++i) {
      double* row_i = &matrix.values[i * n];
      double sum = row_i[j];
      for (std::size_t k = 0; k < j; ++k) sum -= row_i[k] * row_j[k];
      row_i[j] = sum / row_j[j];
    }
  }
  return true;
}

std::vector<double> solve(const SymmetricMatrix& factor, std::vector<double> b) {
  const std::size_t n = factor.size;
  assert(b.size() == n);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < i; ++k) b[i] -= factor.at(i, k) * b[k];
    b[i] /= factor.at(i, i);
  }
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t k = i + 1; k < n; ++k) b[i] -= factor.at(k, i) * b[k];
    b[i] /= factor.at(i, i);
  }
  return b;
}

SymmetricMatrix inverse(const SymmetricMatrix& factor) {
  const std::size_t n = factor.size;
  // The inverse M of the factor L, column by column, kept transposed so that rows are contiguous.
  std::vector<double> m(n * n, 0.0);
  for (std::size_t j = 0; j < n; ++j) {
    double* column = &m[j * n];
    column[j] = 1 / factor.at(j, j);
    for (std::size_t i = j + 1; i < n; ++i) {
      const double* row = &factor.values[i * n];
      double sum = 0;
      for (std::size_t k = j; k < i; ++k) sum += row[k] * column[k];
      column[i] = -sum / row[i];
    }
  }
  SymmetricMatrix found(n);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double sum = 0;
      for (std::size_t k = i; k < n; ++k) sum += m[i * n + k] * m[j * n + k];
      found.at(i, j) = sum;
      found.at(j, i) = sum;
    }
  }
  return found;
}

Estimate without_prior(const Estimate& posterior, const Estimate& prior) {
  const double precision = 1 / posterior.variance - 1 / prior.variance;
  if (!(precision > 1e-6)) return {prior.mean, kNothing};
  const double variance = 1 / precision;
  return {variance * (posterior.mean / posterior.variance - prior.mean / prior.variance), variance};
}

}  // namespace jobfit::evidence
