# Read by the scripts beside it: the supported Pythons, and where each is on this machine.
VERSIONS=${VERSIONS:-"3.11 3.12 3.13 3.14"}

interpreter() { # version → its path, or nothing
  local name prefix
  for name in "python$1" python3 python; do
    if [ "$("$name" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)" = "$1" ]; then
      command -v "$name"
      return
    fi
  done
  command -v pyenv >/dev/null || return
  for name in $(pyenv versions --bare 2>/dev/null | grep -E "^${1//./\\.}\.[0-9]+$" | sort -rV); do
    prefix=$(pyenv prefix "$name" 2>/dev/null) && [ -x "$prefix/bin/python" ] && echo "$prefix/bin/python" && return
  done
}
