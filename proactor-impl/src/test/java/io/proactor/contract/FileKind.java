package io.proactor.contract;

import io.proactor.FileRegion;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** Who has opened the file that is sent. */
enum FileKind {

    /** The application, as a channel. */
    CHANNEL {
        @Override
        FileRegion region(Bench bench, Path path) throws IOException {
            return FileRegion.of(bench.keep(FileChannel.open(path)));
        }
    },

    /** The proactor under test, in its own way. */
    OPENED {
        @Override
        FileRegion region(Bench bench, Path path) throws IOException {
            return FileRegion.of(bench.keep(bench.proactor().openFile(path)));
        }
    };

    /** Returns all of a file, which is closed after the test. */
    abstract FileRegion region(Bench bench, Path path) throws IOException;
}
