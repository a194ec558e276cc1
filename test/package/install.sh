#!/usr/bin/env bash
# Packs the package, installs it into an empty project beside Node 24, starts it there and asks whether it is ready.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
pid=
trap '[ -n "$pid" ] && kill "$pid" 2>/dev/null; wait 2>/dev/null; rm -rf "$work"' EXIT

cd "$root"
npm run --silent build
tarball=$(npm pack --silent --ignore-scripts --pack-destination "$work")
cd "$work"
printf '{"name":"try","private":true,"allowScripts":{"node":true}}' > package.json
npm install --silent --no-audit --no-fund "./$tarball" node@24 >install.log 2>&1 || { cat install.log; exit 1; }

# Itself, not through npx, which would not pass the signal on that ends it.
PATH="$work/node_modules/.bin:$PATH" node_modules/.bin/spine-sim start --https-port 0 --http-port 0 --ldaps-port 0 --ldap-port 0 --admin-port 0 --store memory > out.log 2>&1 &
pid=$!
for _ in $(seq 100); do grep -q 'Ready in' out.log && break; kill -0 "$pid" 2>/dev/null || break; sleep 0.2; done
grep -q 'Ready in' out.log || { echo "it did not start:"; cat out.log; exit 1; }
admin=$(sed -nE 's/.*(http:\/\/127\.0\.0\.1:[0-9]+).*/\1/p' out.log | tail -1)
npx --no-install spine-sim ready --admin "$admin"
npx --no-install spine-sim certs issue mhs.example.nhs.uk --out certs --admin "$admin"
[ -s certs/mhs.example.nhs.uk.p12 ]
cat >kit.mjs <<'JS'
import { startSpine } from 'spine-cis-simulator/testing';
const spine = await startSpine();
const space = spine.space();
space.expect({ service: 'mesh' }, { atMost: 0 });
await spine.close();
JS
node_modules/.bin/node kit.mjs
echo "the packed package starts, issues certificates, and is imported by tests"
