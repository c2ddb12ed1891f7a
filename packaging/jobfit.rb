# From a checkout: brew install --HEAD ./packaging/jobfit.rb
class Jobfit < Formula
  desc "Chooses a local language model by the job, not the benchmark"
  head "file://#{File.expand_path("..", __dir__)}", using: :git, branch: "main"
  license "MIT"

  depends_on "cli11" => :build
  depends_on "cmake" => :build
  depends_on "eigen" => :build
  depends_on "ninja" => :build
  depends_on "nlohmann-json" => :build
  depends_on "fmt"
  depends_on "yaml-cpp"

  def install
    system "cmake", "-S", ".", "-B", "build", "-G", "Ninja", "-DBUILD_TESTING=OFF", *std_cmake_args
    system "cmake", "--build", "build"
    system "cmake", "--install", "build"
  end

  test do
    answers = %w[--job chat --language th --egress never --tolerate confabulation --machine laptop-16g --json]
    assert_match "\"schema\": \"jobfit.advice/1\"", shell_output("#{bin}/jobfit #{answers.join(" ")}")
  end
end
