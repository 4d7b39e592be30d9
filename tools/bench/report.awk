# SPDX-License-Identifier: GPL-2.0-only
# awk -f report.awk recorded.tsv LOG: the table of make bench from a boot log
# with lines "bench NAME INSTRUCTIONS". The last column tells whether a row
# reaches what it is to reach. Status 1 if a row is missing or above LIMIT
# times the Linux 4.19 column.

function line(what, measured, linux, xen, ratio, goal, verdict) {
	printf "%-43s %12s %10s %8s %5s %8s%s\n",
	       what, measured, linux, xen, ratio, goal, verdict
}

BEGIN { FS = "\t"; LIMIT = 1.5 }

FNR == NR {
	if (!/^#/) {
		order[++rows] = $1
		what[$1] = $2
		linux[$1] = $3
		xen[$1] = $4
		goal[$1] = $5
	}
	next
}

{ sub(/\r+$/, "") }

/^bench [a-z0-9-]+ -?[0-9]+$/ {
	split($0, word, " ")
	measured[word[2]] = word[3]
	next
}

/^bench/ { complaints = complaints $0 "\n" }

END {
	line("operation", "instructions", "Linux 4.19", "Xen 4.17", "ratio",
	     "to reach", "")
	for (i = 1; i <= rows; i++) {
		name = order[i]
		ratio = "-"
		verdict = ""
		if (!(name in measured)) {
			measured[name] = "-"
			complaints = complaints "not measured: " what[name] "\n"
		} else {
			if (linux[name] != "-") {
				ratio = measured[name] / linux[name]
				if (ratio > LIMIT)
					complaints = complaints sprintf("above %.1f times Linux 4.19: %s\n",
									LIMIT, what[name])
				ratio = sprintf("%.2f", ratio)
			}
			if (goal[name] != "-")
				verdict = measured[name] <= goal[name] + 0 ? " ok" : " above"
		}
		line(what[name], measured[name], linux[name], xen[name], ratio,
		     goal[name], verdict)
	}
	if (complaints) {
		printf "\n%s", complaints
		exit 1
	}
}
