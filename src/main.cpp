// This happens when you execute jobfit from the command line: the arguments and the
// terminal are gathered, and run() (src/cli/run.cpp) does the rest.
#include <iostream>

#include "cli/shipped.hpp"
#include "cli/terminal.hpp"

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  jobfit::Terminal terminal = jobfit::real_terminal(std::cin, std::cout, std::cerr);
  return jobfit::run({argv + 1, argv + argc}, terminal, jobfit::shipped());
}
