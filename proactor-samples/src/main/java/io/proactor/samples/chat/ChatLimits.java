package io.proactor.samples.chat;

/** What the chat server grants a client. All of it together is what one client can cost. */
final class ChatLimits {

    /** A line, without its end: a long paragraph, and the size of a page of memory. */
    static final int LINE_BYTES_MAX = 4 * 1024;

    /** The name of a client or a room: what fits a column of a terminal beside the text. */
    static final int NAME_CHARS_MAX = 32;

    /** Lines per second, of any kind, and as many at once: faster than anybody types or pastes. */
    static final int LINES_PER_SECOND = 20;

    /** Error lines per second about lines that came too fast: one, or they would feed the flood. */
    static final int COMPLAINTS_PER_SECOND = 1;

    /** Rooms besides the lobby: a name each, so that /who stays readable. */
    static final int ROOMS_MAX = 100;

    /** Names that /who lists: a longer answer would fill the reader's queue for no good. */
    static final int NAMES_LISTED_MAX = 100;

    /** What waits for a slow reader before it is cut: 64 lines of the greatest length. */
    static final int SLOW_READER_BYTES = 256 * 1024;

    /** Likewise in lines, for short ones: each costs a write of some 200 bytes besides its text. */
    static final int SLOW_READER_LINES = 4 * 1024;

    /**
     * What the system keeps for a reader beyond that. Left to itself it would keep up to 4 MB for
     * each (tcp(7), tcp_wmem), which is memory as well.
     */
    static final int SEND_BUFFER_BYTES = 64 * 1024;

    /** How long a line may wait for a client to take it. One that takes nothing is cut then. */
    static final int WRITE_SECONDS = 30;

    /** How long a client may say nothing: people listen for long, machines that are gone do too. */
    static final int IDLE_SECONDS = 3_600;

    /** How long the last lines to a client may take, and how long it may take to hang up. */
    static final int FAREWELL_SECONDS = 5;

    private ChatLimits() {}
}
