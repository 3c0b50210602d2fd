package io.proactor.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The simulation finds bugs: each that is planted, within 5,000 seeds. */
final class MutationTest {

    private static final long SEEDS_MAX = 5_000;

    @ParameterizedTest
    @EnumSource
    void plantedBugIsFound(Mutation mutation) throws ReflectiveOperationException {
        String found = new Mutant(mutation).firstFailure(SEEDS_MAX);
        System.out.println("planted " + mutation + ", found by " + found);
        assertThat(found).as("the first seed that finds " + mutation).isNotEmpty();
    }
}
