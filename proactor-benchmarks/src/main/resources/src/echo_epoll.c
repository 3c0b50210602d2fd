/*
 * The reference: an echo server on epoll, level-triggered, one thread, one shared buffer.
 *
 * Prints the port it listens on, and ends when its standard input does.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BUFFER_BYTES = 16 * 1024, DESCRIPTORS_MAX = 65536, EVENTS = 256, BACKLOG = 4096 };

/* What a short send left; null in the usual case. While there is some, the connection is not read. */
struct rest {
    size_t offset, bytes;
    char data[];
};

static struct rest *rests[DESCRIPTORS_MAX];
static char buffer[BUFFER_BYTES];
static int epoll;

static void interest(int fd, int change, uint32_t events) {
    struct epoll_event event = {.events = events, .data = {.fd = fd}};
    epoll_ctl(epoll, change, fd, &event);
}

static void forget(int fd) {
    free(rests[fd]);
    rests[fd] = NULL;
    close(fd);
}

static void keep(int fd, const char *data, size_t bytes) {
    struct rest *rest = malloc(sizeof *rest + bytes);
    if (!rest) abort();
    rest->offset = 0;
    rest->bytes = bytes;
    memcpy(rest->data, data, bytes);
    rests[fd] = rest;
    interest(fd, EPOLL_CTL_MOD, EPOLLOUT);
}

static void echo(int fd) {
    ssize_t in = recv(fd, buffer, sizeof buffer, 0);
    if (in < 0 && errno == EAGAIN) return;
    if (in <= 0) {
        forget(fd);
        return;
    }
    ssize_t out = send(fd, buffer, (size_t)in, MSG_NOSIGNAL);
    if (out < 0 && errno != EAGAIN) {
        forget(fd);
        return;
    }
    if (out < 0) out = 0;
    if (out < in) keep(fd, buffer + out, (size_t)(in - out));
}

static void flush(int fd) {
    struct rest *rest = rests[fd];
    ssize_t out = send(fd, rest->data + rest->offset, rest->bytes - rest->offset, MSG_NOSIGNAL);
    if (out < 0) {
        if (errno != EAGAIN) forget(fd);
        return;
    }
    rest->offset += (size_t)out;
    if (rest->offset < rest->bytes) return;
    free(rest);
    rests[fd] = NULL;
    interest(fd, EPOLL_CTL_MOD, EPOLLIN);
}

static void accept_all(int listener) {
    const int on = 1;
    int fd;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        if (fd >= DESCRIPTORS_MAX) {
            close(fd);
            continue;
        }
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        interest(fd, EPOLL_CTL_ADD, EPOLLIN);
    }
}

static int listen_on_loopback(void) {
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t bytes = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, bytes) || listen(fd, BACKLOG)
            || getsockname(fd, (struct sockaddr *)&address, &bytes)) {
        perror("listen");
        exit(1);
    }
    printf("listening %d\n", ntohs(address.sin_port));
    fflush(stdout);
    return fd;
}

int main(void) {
    struct epoll_event events[EVENTS];
    signal(SIGPIPE, SIG_IGN);
    epoll = epoll_create1(EPOLL_CLOEXEC);
    int listener = listen_on_loopback();
    interest(listener, EPOLL_CTL_ADD, EPOLLIN);
    interest(STDIN_FILENO, EPOLL_CTL_ADD, EPOLLIN);
    for (;;) {
        int ready = epoll_wait(epoll, events, EVENTS, -1);
        for (int i = 0; i < ready; i++) {
            int fd = events[i].data.fd;
            if (fd == listener) accept_all(listener);
            else if (fd == STDIN_FILENO) return 0;
            else if (rests[fd]) flush(fd);
            else echo(fd);
        }
    }
}
