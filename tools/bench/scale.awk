# SPDX-License-Identifier: GPL-2.0-only
# awk -f scale.awk LOG: a table from lines "scale NAME SIZE VALUE", a line for
# each name with its three sizes. Status 1 if there are others.

BEGIN {
	what["vm-create"] = "VMs alive: instructions to create one"
	what["vm-destroy"] = "VMs alive: instructions to destroy one"
	what["vm-memory"] = "VMs alive: bytes for each"
	what["vcpu-create"] = "vCPUs in a VM: instructions to create one"
	what["vm-vcpus-destroy"] = "vCPUs in a VM: instructions to destroy all"
	what["vcpu-memory"] = "vCPUs in a VM: bytes for each"
	what["tables-4k"] = "MiB in pages of 4 KiB: bytes of tables"
	what["tables-thp"] = "MiB in blocks of 2 MiB: bytes of tables"
	what["vm-ram-destroy-4k"] = "MiB in pages: instructions to destroy"
	what["vm-ram-destroy-thp"] = "MiB in blocks: instructions to destroy"
}

{ sub(/\r+$/, "") }

/^scale [a-z0-9-]+ [0-9]+ -?[0-9]+$/ {
	if (!($2 in row)) {
		row[$2] = sprintf("%-44s", what[$2])
		order[++rows] = $2
	}
	row[$2] = row[$2] sprintf(" %4d: %9d", $3, $4)
	count[$2]++
	next
}

/^(scale|bench-scale)/ { print; failed = 1 }

END {
	for (i = 1; i <= rows; i++)
		print row[order[i]]
	for (name in what)
		failed = failed || count[name] != 3
	exit failed
}
