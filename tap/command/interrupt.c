/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "interrupt.h"

#include <signal.h>
#include <unistd.h>

static volatile sig_atomic_t interrupted;

#ifdef SA_RESTART
/*
 * Again in a second: a read that began after the flag was looked at and before the signal came
 * would wait on.
 */
static void
interrupt(int number)
{
    (void)number;
    interrupted = 1;
    alarm(1);
}

/* Without SA_RESTART, which signal() may set: a read that waits has to fail. */
static void
handle(int number, void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler};

    sigemptyset(&action.sa_mask);
    sigaction(number, &action, NULL);
}

void
interrupt_begin(void)
{
    handle(SIGINT, interrupt);
    handle(SIGALRM, interrupt);
}

void
interrupt_end(void)
{
    handle(SIGINT, SIG_DFL);
    handle(SIGALRM, SIG_IGN);
    alarm(0);
}
#else
static void
interrupt(int number)
{
    (void)number;
    interrupted = 1;
}

void
interrupt_begin(void)
{
    signal(SIGINT, interrupt);
}

void
interrupt_end(void)
{
    signal(SIGINT, SIG_DFL);
}
#endif

bool
is_interrupted(void)
{
    return interrupted;
}
