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

# To where a system call returns to, and on from there: 300 steps in user space.
# Then 700 in the kernel, from a system call on. In user space the kernel's memory
# is not to be read, nor written: its breakpoints are those of the hardware.
python
KERNEL = 0xc0000000
MODE_SVC = 0x13

def register(name):
    return int(gdb.parse_and_eval("(unsigned int) $" + name))

def word(address):
    return int(gdb.parse_and_eval("*(unsigned int *) %d" % address))

def go_to(pc, psr):
    """To an address in user space, where gdb has no symbols to go by"""
    gdb.execute("set arm fallback-mode " + ("thumb" if psr & 0x20 else "arm"))
    gdb.execute("thbreak *0x%x" % pc)
    gdb.execute("continue")
    gdb.execute("set arm fallback-mode auto")

def go_to_user():
    """The return address and CPSR are on the kernel's stack, in pt_regs"""
    gdb.execute("tbreak ret_fast_syscall")
    gdb.execute("continue")
    regs = register("sp") + 8
    go_to(word(regs + 15 * 4), word(regs + 16 * 4))

def step(count):
    gdb.execute("stepi %d" % count, to_string=True)

def step_in_user(count):
    """QEMU has them take no interrupt; there are system calls and faults."""
    steps = 0
    for _ in range(count):
        pc, psr = register("pc"), register("cpsr")
        step(1)
        if register("pc") < KERNEL:
            steps += 1
        elif register("cpsr") & 0x1f == MODE_SVC:
            go_to_user()
        else:
            go_to(pc, psr)
    return steps

def step_in_kernel(count, at_once):
    steps = 0
    for _ in range(0, count, at_once):
        step(at_once)
        if register("pc") >= KERNEL:
            steps += at_once
    return steps

go_to_user()
user = step_in_user(300)
gdb.execute("thbreak vector_swi")
gdb.execute("continue")
print("steps: kernel %d user %d" % (step_in_kernel(700, 10), user))
end

watch *(unsigned int *) &jiffies_64
continue
continue
delete

# The first two words of the idle task's struct thread_info: of the second one, which
# is preempt_count, an exception has the address, which is not where the watch begins.
watch *(unsigned long long *) &init_task
python
def continue_until_written(address):
    before = word(address)
    for _ in range(10):
        gdb.execute("continue")
        if word(address) != before:
            print("second word: written")
            return

continue_until_written(int(gdb.parse_and_eval("(unsigned int) &init_task")) + 4)
end
delete

info threads
thread apply all backtrace 3
continue
