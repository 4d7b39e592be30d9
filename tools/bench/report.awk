# SPDX-License-Identifier: GPL-2.0-only
# awk -f report.awk recorded.tsv LOG: the table of make bench from a boot log
# with lines "bench NAME INSTRUCTIONS". Status 1 if a row is missing or above
# LIMIT times the Linux 4.19 column.

function line(what, measured, linux, xen, ratio) {
	printf "%-44s %12s %11s %9s %6s\n", what, measured, linux, xen, ratio
}

BEGIN { FS = "\t"; LIMIT = 1.5 }

FNR == NR {
	if (!/^#/) {
		order[++rows] = $1
		what[$1] = $2
		linux[$1] = $3
		xen[$1] = $4
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
	line("operation", "instructions", "Linux 4.19", "Xen 4.17", "ratio")
	for (i = 1; i <= rows; i++) {
		name = order[i]
		if (!(name in measured)) {
			line(what[name], "-", linux[name], xen[name], "")
			complaints = complaints "not measured: " what[name] "\n"
			continue
		}
		if (linux[name] == "-") {
			line(what[name], measured[name], "-", xen[name], "")
			continue
		}
		ratio = measured[name] / linux[name]
		line(what[name], measured[name], linux[name], xen[name],
		     sprintf("%.2f", ratio))
		if (ratio > LIMIT)
			complaints = complaints sprintf("above %.1f times Linux 4.19: %s\n",
							LIMIT, what[name])
	}
	if (complaints) {
		printf "\n%s", complaints
		exit 1
	}
}
