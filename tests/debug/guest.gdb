# SPDX-License-Identifier: GPL-2.0-only
# What gdb does with the guest; gdb.sh looks at what it prints.
set pagination off
set confirm off
set remotetimeout 600
set architecture arm
python
import time

import gdb

# The forwarded port takes connections when there is no stub behind it yet.
def connect(tries):
    port = gdb.parse_and_eval("$port").string()
    for _ in range(tries):
        try:
            gdb.execute("target remote 127.0.0.1:" + port)
            return
        except gdb.error:
            time.sleep(0.5)
    print("no connection")
    gdb.execute("quit 1")

connect(600)
end

# Before the MMU is on there is no memory at that address to write BKPT to.
hbreak start_kernel
continue
printf "cpsr 0x%x\n", $cpsr

break kernel_clone
continue
backtrace 4
continue
delete

# Ten times to where a system call returns to, and a hundred steps on from there: an
# interrupt or another system call leads into the kernel again.
python
def word(address):
    return int(gdb.parse_and_eval("*(unsigned int *) %d" % address))

def go_to_user():
    """The return address and CPSR are on the kernel's stack, in pt_regs"""
    gdb.execute("tbreak ret_fast_syscall")
    gdb.execute("continue")
    regs = int(gdb.parse_and_eval("(unsigned int) $sp")) + 8
    pc, psr = word(regs + 15 * 4), word(regs + 16 * 4)
    gdb.execute("set arm fallback-mode " + ("thumb" if psr & 0x20 else "arm"))
    gdb.execute("thbreak *0x%x" % pc)
    gdb.execute("continue")
    gdb.execute("set arm fallback-mode auto")

def step(count, at_once, where):
    for _ in range(0, count, at_once):
        pc = int(gdb.parse_and_eval("(unsigned int) $pc"))
        where["kernel" if pc >= 0xc0000000 else "user"] += at_once
        gdb.execute("stepi %d" % at_once, to_string=True)

where = {"kernel": 0, "user": 0}
for _ in range(10):
    go_to_user()
    step(10, 1, where)
    step(90, 10, where)
print("steps: kernel %d user %d" % (where["kernel"], where["user"]))
end

watch *(unsigned int *) &jiffies_64
continue
continue
delete

info threads
thread apply all backtrace 3
continue
