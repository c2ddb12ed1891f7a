#include "evidence/gaussian.hpp"

#include "support/test.hpp"

using namespace jobfit::evidence;

TEST_CASE("a symmetric system is solved and inverted", "[evidence]") {
  SymmetricMatrix matrix(3);
  const double rows[3][3] = {{4, 1, 0.5}, {1, 3, 0.2}, {0.5, 0.2, 2}};
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) matrix.at(i, j) = rows[i][j];
  }
  SymmetricMatrix factor = matrix;
  REQUIRE(factorise(factor));
  const std::vector<double> x = solve(factor, {1, 2, 3});
  for (std::size_t i = 0; i < 3; ++i) {
    double sum = 0;
    for (std::size_t j = 0; j < 3; ++j) sum += rows[i][j] * x[j];
    CHECK(sum == Approx(static_cast<double>(i + 1)));
  }
  const SymmetricMatrix found = inverse(factor);
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) {
      double sum = 0;
      for (std::size_t k = 0; k < 3; ++k) sum += rows[i][k] * found.at(k, j);
      CHECK(sum == Approx(i == j ? 1.0 : 0.0).margin(1e-12));
    }
  }
}

TEST_CASE("a matrix that is no covariance is refused", "[evidence]") {
  SymmetricMatrix matrix(2);
  matrix.at(0, 0) = 1;
  matrix.at(1, 0) = 2;
  matrix.at(1, 1) = 1;
  CHECK_FALSE(factorise(matrix));
}

TEST_CASE("taking the prior out of a posterior leaves what the evidence said", "[evidence]") {
  const Estimate prior{1, 4}, evidence{3, 2};
  const double precision = 1 / prior.variance + 1 / evidence.variance;
  const Estimate posterior{(prior.mean / prior.variance + evidence.mean / evidence.variance) / precision,
                           1 / precision};
  const Estimate found = without_prior(posterior, prior);
  CHECK(found.mean == Approx(3));
  CHECK(found.variance == Approx(2));
  CHECK(without_prior(prior, prior).variance == kNothing);
}
