# SPDX-License-Identifier: GPL-2.0-only
# Says of what scripts/check-arm64 has found whether it has looked at all: a
# program that is skipped everywhere, or not there, is no worse than before.
#
#   awk -v machines=COUNT -v all=0|1 -f judge.awk programs FS='\t' RESULTS
#
# A line of RESULTS is machine, program, and what it did on the base and with our
# patches. all=0: not on all machines, and a program may be for another.

function wrong(program, what) {
	printf "%s: %s: WRONG\n", program, what
}

NR == FNR {
	if (NF && !/^#/) {
		names[++count] = $1
		wanted[$1] = $3
	}
	next
}

$3 != "none" && $4 != "none" { rows[$2]++ }
$4 == "ok" { passed[$2]++ }
$3 == "not ok" { failed[$2]++ }

END {
	if (!count)
		wrong("programs", "there are none")
	for (i = 1; i <= count; i++) {
		name = names[i]
		if (wanted[name] !~ /^(ok|fixed|fails)$/)
			wrong(name, "'" wanted[name] "' is nothing to want")
		if (rows[name] != machines)
			wrong(name, rows[name] + 0 " results on " machines " machines")
		if (all && wanted[name] != "fails" && !passed[name])
			wrong(name, "passes on no machine")
		if (all && wanted[name] == "fixed" && !failed[name])
			wrong(name, "fails on the base of no machine")
	}
}
