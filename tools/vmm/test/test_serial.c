// SPDX-License-Identifier: GPL-2.0-only
/* The serial port, as a driver sees it. */
#include <linux/serial_reg.h>
#include <string.h>

#include "serial.h"
#include "test.h"

#define FUZZ_ROUNDS		100000

static struct serial port;

static void init(void)
{
	memset(&port, 0, sizeof(port));
	serial_init(&port);
}

static uint8_t in(unsigned int reg)
{
	return serial_mmio_ops.read(&port, reg, 1);
}

static void out(unsigned int reg, uint8_t value)
{
	serial_mmio_ops.write(&port, reg, 1, value);
}

static uint8_t interrupt_id(void)
{
	return in(UART_IIR) & (UART_IIR_ID | UART_IIR_NO_INT);
}

static void test_output(void)
{
	init();
	EXPECT(in(UART_LSR) == (UART_LSR_THRE | UART_LSR_TEMT));
	out(UART_TX, 'a');
	out(UART_TX, 'b');
	EXPECT(fake.output_len == 2 && !memcmp(fake.output, "ab", 2));
	EXPECT(!fake.level);
}

static void expect_unlocked(void)
{
	int error = pthread_mutex_trylock(&port.lock);

	EXPECT(!error);
	if (!error)
		pthread_mutex_unlock(&port.lock);
}

/* The reader may stand still: what is typed meanwhile must find a port. */
static void test_output_stalled(void)
{
	init();
	out(UART_IER, UART_IER_THRI);
	interrupt_id();
	fake.on_output = expect_unlocked;
	out(UART_TX, 'a');
	EXPECT(fake.output_len == 1);
	EXPECT(interrupt_id() == UART_IIR_THRI);
	out(UART_LCR, UART_LCR_DLAB);
	out(UART_TX, 1);
	out(UART_LCR, 0);
	out(UART_MCR, UART_MCR_LOOP);
	out(UART_TX, 'b');
	EXPECT(fake.output_len == 1);
}

/* What the 8250 driver does to find ports that lose this interrupt */
static void test_transmitter_interrupt(void)
{
	unsigned int i;

	init();
	EXPECT(interrupt_id() == UART_IIR_NO_INT);
	for (i = 0; i < 2; i++) {
		out(UART_IER, UART_IER_THRI);
		EXPECT(fake.level);
		EXPECT(interrupt_id() == UART_IIR_THRI);
		EXPECT(!fake.level);
		EXPECT(interrupt_id() == UART_IIR_NO_INT);
		out(UART_IER, 0);
	}
	out(UART_IER, UART_IER_THRI);
	interrupt_id();
	out(UART_TX, 'x');
	EXPECT(fake.level);
	EXPECT(interrupt_id() == UART_IIR_THRI);
}

static void test_input(void)
{
	init();
	out(UART_IER, UART_IER_RDI | UART_IER_THRI);
	serial_input(&port, (const uint8_t *)"hi", 2);
	EXPECT(serial_room(&port) == SERIAL_FIFO_SIZE - 2);
	EXPECT(fake.level);
	EXPECT(interrupt_id() == UART_IIR_RDI);
	EXPECT(in(UART_LSR) & UART_LSR_DR);
	EXPECT(in(UART_RX) == 'h');
	EXPECT(in(UART_RX) == 'i');
	EXPECT(fake.resumes);
	EXPECT(!(in(UART_LSR) & UART_LSR_DR));
	EXPECT(interrupt_id() == UART_IIR_THRI);
	EXPECT(!fake.level);
	EXPECT(in(UART_RX) == 0);
}

static void test_fifo(void)
{
	static const uint8_t data[SERIAL_FIFO_SIZE] = "0123456789abcdef";
	unsigned int i;

	init();
	EXPECT(!(in(UART_IIR) & 0xc0));
	out(UART_FCR, UART_FCR_ENABLE_FIFO);
	EXPECT((in(UART_IIR) & 0xc0) == 0xc0);
	serial_input(&port, data, 4);
	for (i = 0; i < 4; i++)
		EXPECT(in(UART_RX) == data[i]);
	serial_input(&port, data, sizeof(data));
	EXPECT(!serial_room(&port));
	for (i = 0; i < sizeof(data); i++)
		EXPECT(in(UART_RX) == data[i]);
	serial_input(&port, data, sizeof(data));
	fake.resumes = 0;
	out(UART_FCR, UART_FCR_ENABLE_FIFO | UART_FCR_CLEAR_RCVR);
	EXPECT(fake.resumes);
	EXPECT(serial_room(&port) == SERIAL_FIFO_SIZE);
}

static void test_divisor(void)
{
	init();
	EXPECT(in(UART_LCR) == UART_LCR_WLEN8);
	out(UART_LCR, UART_LCR_DLAB);
	EXPECT(in(UART_DLL) | in(UART_DLM) << 8);
	out(UART_DLL, 0x34);
	out(UART_DLM, 0x12);
	EXPECT(in(UART_DLL) == 0x34 && in(UART_DLM) == 0x12);
	out(UART_LCR, 0);
	EXPECT(in(UART_IER) == 0);
	EXPECT(!fake.output_len && !fake.level);
	out(UART_SCR, 0xa5);
	EXPECT(in(UART_SCR) == 0xa5);
}

static void test_loopback(void)
{
	unsigned int i;

	init();
	out(UART_MCR, UART_MCR_LOOP | UART_MCR_RTS | UART_MCR_OUT2);
	EXPECT(in(UART_MSR) == (UART_MSR_CTS | UART_MSR_DCD));
	EXPECT(!serial_room(&port));
	for (i = 0; i <= SERIAL_FIFO_SIZE; i++)
		out(UART_TX, i);
	EXPECT(!fake.output_len);
	EXPECT(in(UART_LSR) & UART_LSR_OE);
	EXPECT(!(in(UART_LSR) & UART_LSR_OE));
	EXPECT(in(UART_RX) == 0 && in(UART_RX) == 1);
	fake.resumes = 0;
	out(UART_MCR, 0);
	EXPECT(fake.resumes);
	EXPECT(in(UART_MSR) == (UART_MSR_CTS | UART_MSR_DSR | UART_MSR_DCD));
}

static void test_fuzz(void)
{
	uint8_t data[SERIAL_FIFO_SIZE] = "";
	unsigned int i;
	size_t room;

	init();
	for (i = 0; i < FUZZ_ROUNDS; i++) {
		room = serial_room(&port);
		EXPECT(room <= SERIAL_FIFO_SIZE);
		if (room && test_random() % 2)
			serial_input(&port, data, 1 + test_random() % room);
		if (test_random() % 2)
			out(test_random() % 8, test_random());
		else
			in(test_random() % 8);
	}
}

static void save(struct section *section)
{
	section_begin(section, STATE_SERIAL, 0);
	serial_save(&port, section);
}

/* What was received, and the interrupt for it, are there on the other side. */
static void test_state(void)
{
	struct section section;

	test_section_create(&section);
	init();
	out(UART_SCR, 0x5a);
	out(UART_IER, UART_IER_RDI);
	out(UART_FCR, UART_FCR_ENABLE_FIFO);
	serial_input(&port, (const uint8_t *)"abc", 3);
	EXPECT(in(UART_RX) == 'a');
	save(&section);

	init();
	fake.level = false;
	EXPECT(serial_load(&port, &section));
	EXPECT(fake.level);
	EXPECT(in(UART_SCR) == 0x5a);
	EXPECT(interrupt_id() == UART_IIR_RDI);
	EXPECT(in(UART_RX) == 'b' && in(UART_RX) == 'c');
	EXPECT(!fake.level);
	section_destroy(&section);
}

/* No state makes the port do anything but its work or nothing. */
static void test_state_fuzz(void)
{
	struct section section;
	unsigned int i, round, loaded = 0;

	test_section_create(&section);
	for (round = 0; round < FUZZ_ROUNDS; round++) {
		init();
		save(&section);
		for (i = 0; i < 4; i++)
			section.data[test_random() % section.len] =
				test_random();
		if (!(test_random() % 8))
			section.len = test_random() % section.len;
		loaded += serial_load(&port, &section);
		EXPECT(serial_room(&port) <= SERIAL_FIFO_SIZE);
		in(UART_RX);
		in(UART_IIR);
	}
	EXPECT(loaded > FUZZ_ROUNDS / 8);
	EXPECT(loaded < FUZZ_ROUNDS);
	section_destroy(&section);
}

const struct test serial_tests[] = {
	{ "serial output", test_output },
	{ "serial output stalled", test_output_stalled },
	{ "serial transmitter interrupt", test_transmitter_interrupt },
	{ "serial input", test_input },
	{ "serial fifo", test_fifo },
	{ "serial divisor and scratch", test_divisor },
	{ "serial loopback", test_loopback },
	{ "serial fuzz", test_fuzz },
	{ "serial state", test_state },
	{ "serial state fuzz", test_state_fuzz },
	{ NULL, NULL },
};
