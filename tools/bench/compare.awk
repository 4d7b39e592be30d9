# SPDX-License-Identifier: GPL-2.0-only
# awk -v logs=N -f compare.awk MACHINE... GUEST...: N logs of the machine and N
# of the guest with the same lines "bench NAME INSTRUCTIONS", their means side by
# side. Status 1 if one has no such line, or if the guest's mean is more than
# LIMIT percent above the machine's.

BEGIN {
	LIMIT = 3
	what["boot"] = "from the start to user space"
	what["fork-exec"] = "fork, exec and wait"
	rows = split("boot fork-exec", order, " ")
}

FNR == 1 { files++ }

{ sub(/\r+$/, "") }

/^bench [a-z-]+ [0-9]+$/ {
	if (files <= logs) {
		machine[$2] += $3 / logs
		machines[$2]++
	} else {
		guest[$2] += $3 / logs
		guests[$2]++
	}
}

END {
	printf "%-30s %12s %12s %8s\n", "Linux", "machine", "guest", "percent"
	for (i = 1; i <= rows; i++) {
		name = order[i]
		if (machines[name] != logs || guests[name] != logs) {
			printf "%-30s not measured\n", what[name]
			failed = 1
			continue
		}
		more = 100 * (guest[name] / machine[name] - 1)
		printf "%-30s %12d %12d %+8.2f%s\n", what[name], machine[name],
		       guest[name], more, (more > LIMIT) ? " above" : " ok"
		failed = failed || more > LIMIT
	}
	exit failed
}
