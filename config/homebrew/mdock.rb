# SPDX-License-Identifier: MIT
# A template of a Homebrew formula: whoever publishes a release puts homepage, address and checksum in place of the three
# words in capitals. It has not been built on macOS by the project's own tests, which run on Debian 12.
class Mdock < Formula
  desc "Local mirror of a MinuteDock account in one SQLite file"
  homepage "RELEASE_HOMEPAGE"
  url "RELEASE_ADDRESS"
  sha256 "RELEASE_SHA256"
  license "MIT"

  depends_on "cli11" => :build
  depends_on "cmake" => :build
  depends_on "googletest" => :build
  depends_on "ninja" => :build
  depends_on "pkgconf" => :build
  depends_on "python@3.12" => :build
  depends_on "tomlplusplus" => :build
  depends_on "boost"
  depends_on "fmt"
  depends_on "howard-hinnant-date"
  depends_on "openssl@3"
  depends_on "spdlog"
  depends_on "sqlite"
  depends_on "sqlitecpp"

  uses_from_macos "zlib"

  def install
    system "cmake", "-S", ".", "-B", "build", "-G", "Ninja", *std_cmake_args
    system "cmake", "--build", "build", "--target", "mdock", "mdock-sandbox", "mdock_package_files"
    system "cmake", "--install", "build", "--component", "program"
    generate_completions_from_executable(bin/"mdock", "completion", shells: [:zsh])
  end

  service do
    run [opt_bin/"mdock", "run"]
    keep_alive successful_exit: false
    process_type :background
    log_path var/"log/mdock.log"
    error_log_path var/"log/mdock.log"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/mdock version")
  end
end
