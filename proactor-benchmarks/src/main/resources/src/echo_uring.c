/*
 * An echo server on io_uring: one ring, one thread, one io_uring_enter for each turn; multishot
 * accept, multishot receive into a ring of buffers, sends from the buffer that was received into.
 * Raw system calls (io_uring(7)), so that no library is needed.
 *
 * Prints the port it listens on, and ends when its standard input does. What the headers of an
 * older system do not name is spelled out below, with the kernel's name.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/io_uring.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
    ENTRIES = 1024, COMPLETIONS = 8192, DESCRIPTORS_MAX = 65536, BACKLOG = 4096,
    POOL_BYTES = 2 << 20,              /* stays in the L2 cache of most cores */
    INCREMENTAL_BYTES = 64 << 10,      /* a buffer that several receives fill one after another */
    WHOLE_BYTES = 2 << 10,             /* a buffer for one receive, on kernels before 6.12 */
    PIECES = 65536,
    SINGLE_ISSUER = 1 << 12,           /* IORING_SETUP_SINGLE_ISSUER, Linux 6.0 */
    DEFER_TASKRUN = 1 << 13,           /* IORING_SETUP_DEFER_TASKRUN, Linux 6.1 */
    RECV_MULTISHOT = 1 << 1,           /* IORING_RECV_MULTISHOT, Linux 6.0 */
    ACCEPT_MULTISHOT = 1 << 0,         /* IORING_ACCEPT_MULTISHOT, Linux 5.19 */
    REGISTER_PBUF_RING = 22,           /* IORING_REGISTER_PBUF_RING, Linux 5.19 */
    PBUF_RING_INC = 2,                 /* IOU_PBUF_RING_INC, Linux 6.12 */
    CQE_BUF_MORE = 1 << 4              /* IORING_CQE_F_BUF_MORE, Linux 6.12 */
};
enum kind { ACCEPT, RECEIVE, SEND, CLOSE, END };

struct buffer_slot { __u64 address; __u32 bytes; __u16 id; __u16 tail; };
struct buffer_register { __u64 address; __u32 entries; __u16 group; __u16 flags; __u64 reserved[3]; };

/* Received bytes that wait to be sent: a part of a buffer, in the queue of its connection. */
struct piece { int buffer, offset, bytes, next; };
struct buffer { int used, pieces; char filled; };
struct connection { int first, last; char open, receiving, sending, ended, starved; };

static struct piece pieces[PIECES];
static int free_piece;
static struct buffer buffers[POOL_BYTES / WHOLE_BYTES];
static struct connection connections[DESCRIPTORS_MAX];
static int starving[DESCRIPTORS_MAX], starving_count;

static int ring, listener, incremental, buffer_bytes, buffer_count;
static unsigned *sq_head, *sq_tail, sq_mask, *cq_head, *cq_tail, cq_mask, sq_local;
static struct io_uring_sqe *sqes;
static struct io_uring_cqe *cqes;
static struct buffer_slot *slots;
static unsigned short slots_tail;
static char *pool;

static void fail(const char *what) {
    perror(what);
    exit(1);
}

/* ---- the ring -------------------------------------------------------------------------------- */

static void *map(size_t bytes, int fd, off_t offset) {
    int flags = fd < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED | MAP_POPULATE;
    void *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, flags, fd, offset);
    if (at == MAP_FAILED) fail("mmap");
    return at;
}

static void open_ring(void) {
    struct io_uring_params params = {.cq_entries = COMPLETIONS};
    params.flags = SINGLE_ISSUER | DEFER_TASKRUN | IORING_SETUP_CQSIZE | IORING_SETUP_CLAMP;
    ring = (int)syscall(__NR_io_uring_setup, ENTRIES, &params);
    if (ring < 0) fail("io_uring_setup");
    if (!(params.features & IORING_FEAT_SINGLE_MMAP)) fail("IORING_FEAT_SINGLE_MMAP");
    size_t sq = params.sq_off.array + params.sq_entries * sizeof(unsigned);
    size_t cq = params.cq_off.cqes + params.cq_entries * sizeof *cqes;
    char *at = map(sq > cq ? sq : cq, ring, IORING_OFF_SQ_RING);
    sqes = map(params.sq_entries * sizeof *sqes, ring, IORING_OFF_SQES);
    sq_head = (unsigned *)(at + params.sq_off.head);
    sq_tail = (unsigned *)(at + params.sq_off.tail);
    sq_mask = *(unsigned *)(at + params.sq_off.ring_mask);
    unsigned *array = (unsigned *)(at + params.sq_off.array);
    for (unsigned i = 0; i <= sq_mask; i++) array[i] = i;
    cq_head = (unsigned *)(at + params.cq_off.head);
    cq_tail = (unsigned *)(at + params.cq_off.tail);
    cq_mask = *(unsigned *)(at + params.cq_off.ring_mask);
    cqes = (struct io_uring_cqe *)(at + params.cq_off.cqes);
}

static void enter(unsigned wait) {
    unsigned submit = sq_local - *sq_tail;
    __atomic_store_n(sq_tail, sq_local, __ATOMIC_RELEASE);
    long done = syscall(__NR_io_uring_enter, ring, submit, wait, IORING_ENTER_GETEVENTS, NULL, 0);
    if (done < 0 && errno != EINTR && errno != EBUSY) fail("io_uring_enter");
}

static struct io_uring_sqe *prepare(enum kind kind, int opcode, int fd) {
    if (sq_local - __atomic_load_n(sq_head, __ATOMIC_ACQUIRE) > sq_mask) enter(0);
    struct io_uring_sqe *sqe = &sqes[sq_local++ & sq_mask];
    memset(sqe, 0, sizeof *sqe);
    sqe->opcode = (__u8)opcode;
    sqe->fd = fd;
    sqe->user_data = (__u64)kind << 32 | (unsigned)fd;
    return sqe;
}

/* ---- the buffers ----------------------------------------------------------------------------- */

static int register_buffers(int bytes, int flags) {
    struct buffer_register argument = {.address = (__u64)(unsigned long)slots, .flags = (__u16)flags};
    argument.entries = (__u32)(POOL_BYTES / bytes);
    return (int)syscall(__NR_io_uring_register, ring, REGISTER_PBUF_RING, &argument, 1);
}

static void offer(int id) {
    unsigned mask = (unsigned)buffer_count - 1;
    struct buffer_slot *slot = &slots[slots_tail & mask];
    slot->address = (__u64)(unsigned long)(pool + (size_t)id * (size_t)buffer_bytes);
    slot->bytes = (__u32)buffer_bytes;
    slot->id = (__u16)id;
    buffers[id] = (struct buffer){0};
    /* The tail is the last field of the first slot: struct io_uring_buf_ring. */
    __atomic_store_n(&slots[0].tail, ++slots_tail, __ATOMIC_RELEASE);
}

static void open_buffers(void) {
    pool = map(POOL_BYTES, -1, 0);
    slots = map(POOL_BYTES / WHOLE_BYTES * sizeof *slots, -1, 0);
    buffer_bytes = INCREMENTAL_BYTES;
    incremental = register_buffers(buffer_bytes, PBUF_RING_INC) == 0;
    if (!incremental) {
        buffer_bytes = WHOLE_BYTES;
        if (register_buffers(buffer_bytes, 0)) fail("IORING_REGISTER_PBUF_RING");
    }
    buffer_count = POOL_BYTES / buffer_bytes;
    for (int id = 0; id < buffer_count; id++) offer(id);
    for (int i = 0; i < PIECES; i++) pieces[i].next = i + 1 < PIECES ? i + 1 : -1;
}

static void drop_piece(int fd) {
    struct connection *c = &connections[fd];
    int index = c->first;
    struct piece *piece = &pieces[index];
    struct buffer *buffer = &buffers[piece->buffer];
    c->first = piece->next;
    if (--buffer->pieces == 0 && buffer->filled) offer(piece->buffer);
    piece->next = free_piece;
    free_piece = index;
}

/* ---- the connections ------------------------------------------------------------------------- */

static void arm_accept(void) {
    prepare(ACCEPT, IORING_OP_ACCEPT, listener)->ioprio = ACCEPT_MULTISHOT;
}

static void arm_receive(int fd) {
    struct io_uring_sqe *sqe = prepare(RECEIVE, IORING_OP_RECV, fd);
    sqe->ioprio = RECV_MULTISHOT;
    sqe->flags = IOSQE_BUFFER_SELECT;
    connections[fd].receiving = 1;
}

static void send_first(int fd) {
    struct connection *c = &connections[fd];
    struct piece *piece = &pieces[c->first];
    struct io_uring_sqe *sqe = prepare(SEND, IORING_OP_SEND, fd);
    char *at = pool + (size_t)piece->buffer * (size_t)buffer_bytes + piece->offset;
    sqe->addr = (__u64)(unsigned long)at;
    sqe->len = (__u32)piece->bytes;
    sqe->msg_flags = MSG_NOSIGNAL | MSG_WAITALL;
    c->sending = 1;
}

static void end(int fd) {
    struct connection *c = &connections[fd];
    c->ended = 1;
    if (c->receiving && c->sending == 0) shutdown(fd, SHUT_RDWR);
    if (c->receiving || c->sending) return;
    while (c->first >= 0) drop_piece(fd);
    c->open = 0;
    prepare(CLOSE, IORING_OP_CLOSE, fd);
}

static void on_accept(int fd) {
    if (fd >= DESCRIPTORS_MAX) {
        close(fd);
        return;
    }
    char starved = connections[fd].starved;      /* its place in the list is still there */
    connections[fd] = (struct connection){.first = -1, .last = -1, .open = 1, .starved = starved};
    arm_receive(fd);
}

static void on_receive(int fd, int result, unsigned flags) {
    struct connection *c = &connections[fd];
    if (!(flags & IORING_CQE_F_MORE)) c->receiving = 0;
    if (result == -ENOBUFS) {
        if (!c->starved) {
            c->starved = 1;
            starving[starving_count++] = fd;
        }
        return;
    }
    if (result <= 0) {
        end(fd);
        return;
    }
    int id = (int)(flags >> IORING_CQE_BUFFER_SHIFT), index = free_piece;
    if (index < 0) {
        fprintf(stderr, "More than %d pieces wait to be sent.\n", PIECES);
        exit(1);
    }
    free_piece = pieces[index].next;
    pieces[index] = (struct piece){id, buffers[id].used, result, -1};
    buffers[id].used += result;
    buffers[id].pieces++;
    if (!incremental || !(flags & CQE_BUF_MORE)) buffers[id].filled = 1;
    if (c->first < 0) c->first = index;
    else pieces[c->last].next = index;
    c->last = index;
    if (c->ended) end(fd);
    else {
        if (!c->sending) send_first(fd);
        if (!c->receiving) arm_receive(fd);
    }
}

static void on_send(int fd, int result) {
    struct connection *c = &connections[fd];
    c->sending = 0;
    int whole = result == pieces[c->first].bytes;
    drop_piece(fd);
    if (!whole || c->ended) end(fd);
    else if (c->first >= 0) send_first(fd);
}

static void feed_the_starving(void) {
    int count = starving_count;
    starving_count = 0;
    for (int i = 0; i < count; i++) {
        int fd = starving[i];
        connections[fd].starved = 0;
        if (connections[fd].open && !connections[fd].receiving && !connections[fd].ended) arm_receive(fd);
    }
}

static void on_completion(const struct io_uring_cqe *cqe) {
    int fd = (int)(unsigned)cqe->user_data;
    switch ((enum kind)(cqe->user_data >> 32)) {
    case ACCEPT:
        if (cqe->res >= 0) on_accept(cqe->res);
        if (!(cqe->flags & IORING_CQE_F_MORE)) arm_accept();
        break;
    case RECEIVE: on_receive(fd, cqe->res, cqe->flags); break;
    case SEND: on_send(fd, cqe->res); break;
    case CLOSE: break;
    case END: exit(0);
    }
}

static void listen_on_loopback(void) {
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t bytes = sizeof address;
    const int on = 1;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(listener, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);   /* accepted sockets inherit it */
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, bytes) || listen(listener, BACKLOG)
            || getsockname(listener, (struct sockaddr *)&address, &bytes)) fail("listen");
    printf("listening %d\n", ntohs(address.sin_port));
    fflush(stdout);
}

int main(void) {
    signal(SIGPIPE, SIG_IGN);
    open_ring();
    open_buffers();
    listen_on_loopback();
    arm_accept();
    prepare(END, IORING_OP_POLL_ADD, STDIN_FILENO)->poll32_events = POLLIN;
    for (;;) {
        enter(1);
        unsigned head = *cq_head, tail = __atomic_load_n(cq_tail, __ATOMIC_ACQUIRE);
        for (; head != tail; head++) on_completion(&cqes[head & cq_mask]);
        __atomic_store_n(cq_head, head, __ATOMIC_RELEASE);
        if (starving_count) feed_the_starving();
    }
}
