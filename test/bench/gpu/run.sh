#!/bin/sh
# The GPU bench on a bare linux-x64 machine: run.sh [--small] [--minutes N] [PART ...]. Writes results-gpu.md here.
here=$(cd "$(dirname "$0")" && pwd)
# Behind the machine's own: a loader for machines that have a driver and none.
export LD_LIBRARY_PATH="${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}$here/lib"
# Containers often have NVIDIA's driver without the file that names it to the loader.
if [ -z "$VK_DRIVER_FILES" ] && ! ls /usr/share/vulkan/icd.d/*nvidia* /etc/vulkan/icd.d/*nvidia* >/dev/null 2>&1; then
  for name in libGLX_nvidia.so.0 libEGL_nvidia.so.0; do
    if ldconfig -p 2>/dev/null | grep -q "$name"; then
      file="$here/$name.json"
      printf '{"file_format_version":"1.0.1","ICD":{"library_path":"%s","api_version":"1.3.0"}}' "$name" >"$file"
      VK_DRIVER_FILES="${VK_DRIVER_FILES:+$VK_DRIVER_FILES:}$file"
    fi
  done
  [ -n "$VK_DRIVER_FILES" ] && export VK_DRIVER_FILES
fi
exec "$here/node" "$here/bench.mjs" "$@"
