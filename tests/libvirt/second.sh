#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The second host: where guests move to, and what they find in the network.
# shellcheck source=lib.sh
. /check/lib.sh

join 2
mkdir -p /srv/cgi-bin
cp /check/data /srv/
cat > /srv/cgi-bin/who <<'CGI'
#!/bin/sh
printf 'Content-type: text/plain\n\n%s\n' "$REMOTE_ADDR"
CGI
chmod +x /srv/cgi-bin/who
echo "# the second host is there"
exec /check/busybox httpd -f -p 80 -h /srv
