#!/usr/bin/env bash
# Ask with curl: bash examples/ask_curl.sh
set -euo pipefail
url="${GONGWEN_URL:-http://127.0.0.1:7860}"
url="${url%/}"
key=()
if [[ -n "${GONGWEN_KEY:-}" ]]; then key=(-H "Authorization: Bearer $GONGWEN_KEY"); fi

curl -fsS "${key[@]}" "$url/health"; echo
curl -fsS "${key[@]}" -H 'Content-Type: application/json' \
  -d '{"question": "平谷区政府常务会议多久召开一次？"}' "$url/api/v1/ask"; echo
curl -fsS "${key[@]}" -N -H 'Content-Type: application/json' \
  -d '{"question": "京平政发〔2023〕2号第四十一条"}' "$url/api/v1/ask/stream"
curl -fsS "${key[@]}" -G --data-urlencode 'question=常务会议' --data-urlencode 'k=2' "$url/api/v1/search"; echo
curl -fsS "${key[@]}" -G --data-urlencode 'document=京平政发〔2023〕2号' "$url/api/v1/validity"; echo
