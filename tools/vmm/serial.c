// SPDX-License-Identifier: GPL-2.0-only
/*
 * A 16550A as far as drivers can tell: a receive FIFO, a transmitter that is
 * always empty, and its interrupts. Baud rate and frame format are kept and
 * have no effect.
 */
#include <linux/serial_reg.h>
#include <string.h>

#include "serial.h"
#include "term.h"
#include "util.h"

#define NR_REGS			8
/* What a 16550A says of its FIFO, a 16550 does not */
#define IIR_FIFO_ENABLED	0xc0
#define IER_BITS		(UART_IER_MSI | UART_IER_RLSI | \
				 UART_IER_THRI | UART_IER_RDI)
#define MCR_BITS		(UART_MCR_LOOP | UART_MCR_OUT2 | \
				 UART_MCR_OUT1 | UART_MCR_RTS | UART_MCR_DTR)

static uint8_t interrupt_id(const struct serial *s)
{
	if ((s->ier & UART_IER_RLSI) && s->overrun)
		return UART_IIR_RLSI;
	if ((s->ier & UART_IER_RDI) && s->count)
		return UART_IIR_RDI;
	if ((s->ier & UART_IER_THRI) && s->thr_empty)
		return UART_IIR_THRI;
	return UART_IIR_NO_INT;
}

static void update_irq(struct serial *s)
{
	bool level = interrupt_id(s) != UART_IIR_NO_INT;

	if (level == s->irq_level)
		return;
	s->irq_level = level;
	irq_line_set(&s->irq, level);
}

static void receive(struct serial *s, uint8_t byte)
{
	if (s->count == SERIAL_FIFO_SIZE) {
		s->overrun = true;
		return;
	}
	s->fifo[(s->head + s->count++) % SERIAL_FIFO_SIZE] = byte;
}

static uint8_t read_rbr(struct serial *s)
{
	uint8_t byte;

	if (s->lcr & UART_LCR_DLAB)
		return s->divisor[UART_DLL];
	if (!s->count)
		return 0;
	byte = s->fifo[s->head];
	s->head = (s->head + 1) % SERIAL_FIFO_SIZE;
	s->count--;
	term_resume();
	return byte;
}

static uint8_t read_ier(struct serial *s)
{
	return s->lcr & UART_LCR_DLAB ? s->divisor[UART_DLM] : s->ier;
}

static uint8_t read_iir(struct serial *s)
{
	uint8_t id = interrupt_id(s);

	if (id == UART_IIR_THRI)
		s->thr_empty = false;
	if (s->fcr & UART_FCR_ENABLE_FIFO)
		id |= IIR_FIFO_ENABLED;
	return id;
}

static uint8_t read_lcr(struct serial *s)
{
	return s->lcr;
}

static uint8_t read_mcr(struct serial *s)
{
	return s->mcr;
}

static uint8_t read_lsr(struct serial *s)
{
	uint8_t lsr = UART_LSR_THRE | UART_LSR_TEMT;

	if (s->count)
		lsr |= UART_LSR_DR;
	if (s->overrun)
		lsr |= UART_LSR_OE;
	s->overrun = false;
	return lsr;
}

/* In loopback mode the modem inputs are the modem outputs. */
static uint8_t read_msr(struct serial *s)
{
	static const uint8_t loopback[][2] = {
		{ UART_MCR_DTR, UART_MSR_DSR },
		{ UART_MCR_RTS, UART_MSR_CTS },
		{ UART_MCR_OUT1, UART_MSR_RI },
		{ UART_MCR_OUT2, UART_MSR_DCD },
	};
	uint8_t msr = 0;
	unsigned int i;

	if (!(s->mcr & UART_MCR_LOOP))
		return UART_MSR_DCD | UART_MSR_DSR | UART_MSR_CTS;
	for (i = 0; i < ARRAY_SIZE(loopback); i++)
		if (s->mcr & loopback[i][0])
			msr |= loopback[i][1];
	return msr;
}

static uint8_t read_scr(struct serial *s)
{
	return s->scr;
}

static void write_thr(struct serial *s, uint8_t value)
{
	if (s->lcr & UART_LCR_DLAB) {
		s->divisor[UART_DLL] = value;
		return;
	}
	if (s->mcr & UART_MCR_LOOP) {
		receive(s, value);
	} else {
		/* This may take long, and input must not wait for it. */
		pthread_mutex_unlock(&s->lock);
		term_write(&value, sizeof(value));
		pthread_mutex_lock(&s->lock);
	}
	s->thr_empty = true;
}

static void write_ier(struct serial *s, uint8_t value)
{
	if (s->lcr & UART_LCR_DLAB) {
		s->divisor[UART_DLM] = value;
		return;
	}
	/* Enabling the interrupt raises it, as the transmitter is empty. */
	if (~s->ier & value & UART_IER_THRI)
		s->thr_empty = true;
	s->ier = value & IER_BITS;
}

static void write_fcr(struct serial *s, uint8_t value)
{
	if (value & UART_FCR_CLEAR_RCVR) {
		s->count = 0;
		term_resume();
	}
	s->fcr = value & UART_FCR_ENABLE_FIFO;
}

static void write_lcr(struct serial *s, uint8_t value)
{
	s->lcr = value;
}

static void write_mcr(struct serial *s, uint8_t value)
{
	s->mcr = value & MCR_BITS;
	term_resume();
}

static void write_read_only(struct serial *s, uint8_t value)
{
	(void)s;
	(void)value;
}

static void write_scr(struct serial *s, uint8_t value)
{
	s->scr = value;
}

static const struct {
	uint8_t (*read)(struct serial *s);
	void (*write)(struct serial *s, uint8_t value);
} serial_reg[NR_REGS] = {
	[UART_RX]  = { read_rbr, write_thr },
	[UART_IER] = { read_ier, write_ier },
	[UART_IIR] = { read_iir, write_fcr },
	[UART_LCR] = { read_lcr, write_lcr },
	[UART_MCR] = { read_mcr, write_mcr },
	[UART_LSR] = { read_lsr, write_read_only },
	[UART_MSR] = { read_msr, write_read_only },
	[UART_SCR] = { read_scr, write_scr },
};

static uint64_t serial_read(void *device, uint64_t offset, unsigned int len)
{
	struct serial *s = device;
	uint8_t value;

	(void)len;
	pthread_mutex_lock(&s->lock);
	value = serial_reg[offset].read(s);
	update_irq(s);
	pthread_mutex_unlock(&s->lock);
	return value;
}

static void serial_write(void *device, uint64_t offset, unsigned int len,
			 uint64_t value)
{
	struct serial *s = device;

	(void)len;
	pthread_mutex_lock(&s->lock);
	serial_reg[offset].write(s, value);
	update_irq(s);
	pthread_mutex_unlock(&s->lock);
}

const struct mmio_ops serial_mmio_ops = {
	.read = serial_read,
	.write = serial_write,
};

/**
 * serial_init() - set a serial port to its state at power-on
 * @serial: zeroed, but for its interrupt line
 */
void serial_init(struct serial *serial)
{
	pthread_mutex_init(&serial->lock, NULL);
	serial->lcr = UART_LCR_WLEN8;
	serial->divisor[UART_DLL] = 1;
}

/**
 * serial_room() - how many bytes serial_input() takes now
 * @device: the serial port
 *
 * Return: a number of bytes.
 */
size_t serial_room(void *device)
{
	struct serial *s = device;
	size_t room;

	pthread_mutex_lock(&s->lock);
	room = s->mcr & UART_MCR_LOOP ? 0 : SERIAL_FIFO_SIZE - s->count;
	pthread_mutex_unlock(&s->lock);
	return room;
}

/**
 * serial_input() - receive bytes from the terminal
 * @device: the serial port
 * @data: the bytes
 * @len: their number, at most what serial_room() returned
 */
void serial_input(void *device, const uint8_t *data, size_t len)
{
	struct serial *s = device;

	pthread_mutex_lock(&s->lock);
	while (len--)
		receive(s, *data++);
	update_irq(s);
	pthread_mutex_unlock(&s->lock);
}

/**
 * serial_save() - put the state of a serial port into a section
 * @serial: the serial port
 * @section: where to
 */
void serial_save(struct serial *serial, struct section *section)
{
	pthread_mutex_lock(&serial->lock);
	section_put8(section, serial->ier);
	section_put8(section, serial->fcr);
	section_put8(section, serial->lcr);
	section_put8(section, serial->mcr);
	section_put8(section, serial->scr);
	section_put(section, serial->divisor, sizeof(serial->divisor));
	section_put8(section, serial->thr_empty);
	section_put8(section, serial->overrun);
	section_put8(section, serial->head);
	section_put8(section, serial->count);
	section_put(section, serial->fifo, sizeof(serial->fifo));
	pthread_mutex_unlock(&serial->lock);
}

/**
 * serial_load() - give a serial port the state that a section holds
 * @serial: a serial port at power-on
 * @section: where from; may hold anything
 *
 * Raises the interrupt line where the state does: the GIC has its state, but
 * does not know the level of a line until the line is set.
 *
 * Return: false where the section does not hold the state of a serial port.
 */
bool serial_load(struct serial *serial, struct section *section)
{
	const void *bytes;
	bool ok;

	pthread_mutex_lock(&serial->lock);
	serial->ier = section_get8(section) & IER_BITS;
	serial->fcr = section_get8(section) & UART_FCR_ENABLE_FIFO;
	serial->lcr = section_get8(section);
	serial->mcr = section_get8(section) & MCR_BITS;
	serial->scr = section_get8(section);
	bytes = section_get(section, sizeof(serial->divisor));
	if (bytes)
		memcpy(serial->divisor, bytes, sizeof(serial->divisor));
	serial->thr_empty = section_get8(section);
	serial->overrun = section_get8(section);
	serial->head = section_get8(section);
	serial->count = section_get8(section);
	bytes = section_get(section, sizeof(serial->fifo));
	if (bytes)
		memcpy(serial->fifo, bytes, sizeof(serial->fifo));

	ok = section_done(section) && serial->head < SERIAL_FIFO_SIZE &&
	     serial->count <= SERIAL_FIFO_SIZE;
	if (ok) {
		update_irq(serial);
	} else {
		serial->head = 0;
		serial->count = 0;
	}
	pthread_mutex_unlock(&serial->lock);
	return ok;
}
