package io.proactor.samples.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.samples.Child;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class TransferTest {

    @ParameterizedTest
    @MethodSource("io.proactor.samples.Setup#processors")
    void whatArrivesIsTheFile(String processor, @TempDir Path directory) throws Exception {
        byte[] bytes = new byte[3_000_001];
        new Random(1).nextBytes(bytes);
        Path file = Files.write(directory.resolve("file"), bytes);
        try (Child transfer = Child.startWithoutInput(
                List.of("transfer", "--processor", processor, file.toString()))) {
            assertThat(transfer.exitCode()).as(transfer.errors().toString()).isZero();
            assertThat(transfer.output()).singleElement().asString()
                    .startsWith("processor=" + processor + " bytes=3000001 ").endsWith(" same");
        }
    }

    @Test
    void thatThereIsNoFileIsOneSentence(@TempDir Path directory) throws Exception {
        try (Child transfer = Child.startWithoutInput(
                List.of("transfer", directory.resolve("none").toString()))) {
            assertThat(transfer.exitCode()).isEqualTo(2);
            assertThat(transfer.errors()).singleElement().asString().startsWith("There is no file");
        }
    }
}
