/*
 * The load generator: one thread on epoll, closed loop, every byte of every echo compared.
 *
 *   load MODE CONNECTIONS BYTES DEPTH
 *
 * MODE echo:  each connection keeps DEPTH messages of BYTES outstanding.
 * MODE storm: each of CONNECTIONS slots connects, sends one message, awaits its echo, closes (with
 *             a reset, which leaves no TIME_WAIT), and begins again.
 * MODE idle:  connections exchange one message each and are held.
 *
 * It is told what to do on standard input, a line each, and answers each with a line:
 *
 *   open SIDE PORT      names the server of a side (0 measured, 1 reference), and connects to it
 *   slice SIDE MILLIS   puts load on it, then waits until all echoes are back:
 *                       "slice OPERATIONS NANOSECONDS OWN_CPU_NANOSECONDS"
 *   latency SIDE        "latency VALUE:COUNT ...", nanoseconds, since the last time
 *
 * and ends when standard input does. Anything wrong is "error TEXT", and the end.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    PERIOD = 8191,                     /* of the pattern; a prime, so that no message aligns with it */
    CHUNK = 256 << 10,                 /* the most that one call moves */
    EVENTS = 512,
    LINEAR_BITS = 7,                   /* of the histogram: a value is known to 1 in 128 */
    LINEAR = 1 << LINEAR_BITS,
    BUCKETS = (64 - LINEAR_BITS) * LINEAR
};
static const uint64_t MISSING_AFTER = 10000000000ull;  /* ns after the end of a slice */

struct connection {
    int fd;
    unsigned phase;                    /* where in the pattern its stream begins */
    uint64_t sent, received;           /* bytes */
    uint64_t *sent_at;                 /* when each outstanding message was sent; storm: the connect */
};

struct side {
    int port, epoll, alive;
    struct connection *connections;
    uint64_t sent, received, operations;
    uint64_t histogram[BUCKETS];
};

static unsigned char pattern[PERIOD + CHUNK], input[CHUNK];
static int count, depth, sending;
static uint64_t bytes;
static enum { ECHO, STORM, IDLE } mode;
static struct side sides[2];

static void fail(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    printf("error ");
    vprintf(format, arguments);
    printf(" (%s)\n", strerror(errno));
    fflush(stdout);
    exit(1);
}

static uint64_t clock_of(clockid_t id) {
    struct timespec at;
    clock_gettime(id, &at);
    return (uint64_t)at.tv_sec * 1000000000ull + (uint64_t)at.tv_nsec;
}

static uint64_t now(void) {
    return clock_of(CLOCK_MONOTONIC);
}

static void record(struct side *side, uint64_t nanos) {
    unsigned bucket = (unsigned)nanos;
    if (nanos >= LINEAR) {
        int shift = 63 - __builtin_clzll(nanos) - LINEAR_BITS;
        bucket = (unsigned)((uint64_t)(shift + 1) * LINEAR + (nanos >> shift) - LINEAR);
    }
    side->histogram[bucket]++;
    side->operations++;
}

static void report_latency(struct side *side) {
    printf("latency");
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
        if (!side->histogram[bucket]) continue;
        int shift = bucket / LINEAR - 1;
        uint64_t value = bucket < LINEAR ? (uint64_t)bucket : (uint64_t)(bucket % LINEAR + LINEAR) << shift;
        printf(" %llu:%llu", (unsigned long long)value, (unsigned long long)side->histogram[bucket]);
    }
    printf("\n");
    memset(side->histogram, 0, sizeof side->histogram);
}

/* ---- one connection -------------------------------------------------------------------------- */

static const unsigned char *expected(const struct connection *c, uint64_t at) {
    return pattern + (c->phase + at) % PERIOD;
}

static int connect_to(int port, int flags) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    struct linger reset = {1, 0};
    const int on = 1;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);
    if (fd < 0) fail("socket");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) && errno != EINPROGRESS) fail("connect");
    return fd;
}

static void watch(struct side *side, int index) {
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data = {.u32 = (uint32_t)index}};
    if (epoll_ctl(side->epoll, EPOLL_CTL_ADD, side->connections[index].fd, &event)) fail("epoll_ctl");
}

/*
 * Sends until DEPTH messages are outstanding, or the socket takes no more. At the end of a slice
 * only the message that was begun is sent to its end; a storm's only message always is.
 */
static void send_more(struct side *side, struct connection *c) {
    uint64_t limit = (c->received / bytes + (uint64_t)depth) * bytes;
    if (mode == STORM) limit = bytes;
    else if (!sending) limit = (c->sent + bytes - 1) / bytes * bytes;
    while (c->sent < limit) {
        uint64_t length = limit - c->sent;
        if (length > CHUNK) length = CHUNK;
        uint64_t at = mode == STORM ? 0 : now();
        ssize_t out = send(c->fd, expected(c, c->sent), length, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (out < 0 && errno == EAGAIN) return;
        if (out <= 0) fail("send");
        if (mode != STORM) {           /* a message is sent when its first byte is */
            uint64_t message = (c->sent + bytes - 1) / bytes, end = (c->sent + (uint64_t)out + bytes - 1) / bytes;
            for (; message < end; message++) c->sent_at[message % (uint64_t)depth] = at;
        }
        c->sent += (uint64_t)out;
        side->sent += (uint64_t)out;
    }
}

/*
 * Receives and compares. Returns the number of messages that are complete now and were not before;
 * sets *more unless the socket is empty: the next edge comes only then.
 */
static int receive_some(struct side *side, struct connection *c, int *more) {
    *more = 0;
    ssize_t in = recv(c->fd, input, CHUNK, MSG_DONTWAIT);
    if (in < 0 && errno == EAGAIN) return 0;
    if (in <= 0) fail("The server ended a connection.");
    if (c->received + (uint64_t)in > c->sent || memcmp(input, expected(c, c->received), (size_t)in)) {
        fail("The server sent what it was not sent.");
    }
    uint64_t before = c->received / bytes;
    *more = in == CHUNK;
    c->received += (uint64_t)in;
    side->received += (uint64_t)in;
    uint64_t at = now(), message = before;
    for (; message < c->received / bytes; message++) record(side, at - c->sent_at[message % (uint64_t)depth]);
    return (int)(message - before);
}

static void begin_storm(struct side *side, int index) {
    struct connection *c = &side->connections[index];
    c->sent = c->received = 0;
    c->sent_at[0] = now();
    c->fd = connect_to(side->port, SOCK_NONBLOCK);
    side->alive++;
    send_more(side, c);
    watch(side, index);
}

/* ---- slices ---------------------------------------------------------------------------------- */

static void on_event(struct side *side, int index, uint32_t events) {
    struct connection *c = &side->connections[index];
    int complete = 0, more = (events & ~(uint32_t)EPOLLOUT) != 0;
    while (more) complete += receive_some(side, c, &more);
    if (mode != STORM || !complete) {
        send_more(side, c);
        return;
    }
    close(c->fd);
    c->fd = -1;
    side->alive--;
    if (sending) begin_storm(side, index);
}

static void run(struct side *side, uint64_t nanos) {
    struct epoll_event events[EVENTS];
    uint64_t end = now() + nanos;
    sending = 1;
    for (int i = 0; i < count; i++) {
        if (mode == STORM) begin_storm(side, i);
        else send_more(side, &side->connections[i]);
    }
    while (sending || side->sent != side->received || side->alive) {
        int ready = epoll_wait(side->epoll, events, EVENTS, 100);
        uint64_t at = now();
        sending = sending && at < end;
        if (at > end + MISSING_AFTER) {
            fail("%llu bytes are missing.", (unsigned long long)(side->sent - side->received));
        }
        for (int i = 0; i < ready; i++) on_event(side, (int)events[i].data.u32, events[i].events);
    }
}

static void slice(struct side *side, long millis) {
    uint64_t operations = side->operations, cpu = clock_of(CLOCK_PROCESS_CPUTIME_ID), at = now();
    run(side, (uint64_t)millis * 1000000ull);
    printf("slice %llu %llu %llu\n", (unsigned long long)(side->operations - operations),
           (unsigned long long)(now() - at), (unsigned long long)(clock_of(CLOCK_PROCESS_CPUTIME_ID) - cpu));
}

static void open_side(struct side *side, int port) {
    side->port = port;
    side->epoll = epoll_create1(EPOLL_CLOEXEC);
    side->connections = calloc((size_t)count, sizeof *side->connections);
    for (int i = 0; i < count; i++) {
        struct connection *c = &side->connections[i];
        c->fd = -1;
        c->phase = (unsigned)i * 97 % PERIOD;
        c->sent_at = calloc((size_t)depth, sizeof *c->sent_at);
        if (mode == STORM) continue;
        c->fd = connect_to(port, 0);
        if (mode == ECHO) watch(side, i);
        struct timeval patience = {5, 0};
        setsockopt(c->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        if (mode == IDLE) {
            sending = 1;
            send_more(side, c);
            while (c->received < bytes) {
                ssize_t in = recv(c->fd, input, bytes - c->received, 0);
                if (in <= 0 || memcmp(input, expected(c, c->received), (size_t)in)) fail("No echo on connection %d.", i);
                c->received += (uint64_t)in;
            }
        }
    }
    printf("open\n");
}

int main(int arguments, char **argument) {
    if (arguments != 5) return 2;
    mode = argument[1][0] == 'e' ? ECHO : argument[1][0] == 's' ? STORM : IDLE;
    count = atoi(argument[2]);
    bytes = (uint64_t)atoi(argument[3]);
    depth = atoi(argument[4]);
    if (count < 1 || bytes < 1 || depth < 1 || (mode == STORM && depth != 1)) return 2;
    signal(SIGPIPE, SIG_IGN);
    uint64_t random = 88172645463325252ull;   /* xorshift64, Marsaglia 2003 */
    for (int i = 0; i < PERIOD; i++) {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        pattern[i] = (unsigned char)(random >> 24);
    }
    for (int i = PERIOD; i < PERIOD + CHUNK; i++) pattern[i] = pattern[i - PERIOD];
    char line[128];
    while (fgets(line, sizeof line, stdin)) {
        int side = 0;
        long number = 0;
        if (sscanf(line, "open %d %ld", &side, &number) == 2) open_side(&sides[side & 1], (int)number);
        else if (sscanf(line, "slice %d %ld", &side, &number) == 2) slice(&sides[side & 1], number);
        else if (sscanf(line, "latency %d", &side) == 1) report_latency(&sides[side & 1]);
        else fail("not understood: %s", line);
        fflush(stdout);
    }
    return 0;
}
