package io.proactor.engine.uring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** Which memory the kernel may be given: only what nobody can free under its hands. */
final class NativeMemoryTest {

    @Test
    void memoryThatStaysIsUsedAsItIs() {
        for (ByteBuffer each : new ByteBuffer[] {ByteBuffer.allocateDirect(64),
            Arena.ofAuto().allocate(64).asByteBuffer(),
            Arena.global().allocate(64).asByteBuffer()}) {
            long base = MemorySegment.ofBuffer(each).address();
            assertThat(NativeMemory.address(each)).isEqualTo(base);
            assertThat(NativeMemory.address(each.position(10))).isEqualTo(base + 10);
            assertThat(NativeMemory.address(each.slice())).isEqualTo(base + 10);
            assertThat(NativeMemory.address(each.asReadOnlyBuffer())).isEqualTo(base + 10);
        }
    }

    @Test
    void memoryThatMayGoIsCopied() {
        assertThat(NativeMemory.address(ByteBuffer.allocate(64))).isZero();
        try (Arena shared = Arena.ofShared(); Arena confined = Arena.ofConfined()) {
            assertThat(NativeMemory.address(shared.allocate(64).asByteBuffer())).isZero();
            assertThat(NativeMemory.address(confined.allocate(64).asByteBuffer())).isZero();
        }
    }

    @Test
    void memoryThatIsGoneOrSomebodyElsesIsRefused() throws Exception {
        Arena arena = Arena.ofShared();
        ByteBuffer gone = arena.allocate(64).asByteBuffer();
        arena.close();
        assertThatThrownBy(() -> NativeMemory.address(gone))
                .isInstanceOf(IllegalStateException.class).hasMessageContaining("closed");
        try (Arena confined = Arena.ofConfined()) {
            ByteBuffer elsewhere = confined.allocate(64).asByteBuffer();
            FutureTask<Long> asked = new FutureTask<>(() -> NativeMemory.address(elsewhere));
            Thread.ofPlatform().start(asked);
            assertThatThrownBy(asked::get).hasCauseInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void memoKnowsTheBufferAtEveryPositionAndTakesNoOther() {
        AddressMemo memo = new AddressMemo();
        ByteBuffer one = ByteBuffer.allocateDirect(64);
        ByteBuffer equal = ByteBuffer.allocateDirect(64);
        assertThat(memo.address(one)).isEqualTo(NativeMemory.address(one));
        assertThat(memo.address(one.position(7))).isEqualTo(NativeMemory.address(one));
        assertThat(memo.address(equal.position(7))).isEqualTo(NativeMemory.address(equal));
        assertThat(memo.address(ByteBuffer.allocate(64))).isZero();
        assertThat(memo.address(one.position(0))).isEqualTo(NativeMemory.address(one));
    }
}
