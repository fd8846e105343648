package penstock.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import penstock.lease.SimulatedIngest.MachineFactory;
import penstock.testkit.Seeds;

/**
 * Schedules drawn from seeds: up to four relays whose messages are slow, lost or late, which pause, are cut off, are
 * killed, hand over and start again, with clocks whose rates differ by up to four percent, and a store that loses its
 * quorum, or its key by an operator.
 */
class LeaseSimulationTest {
    private static final long S = SimulatedWorld.S;
    private static final long MS = SimulatedWorld.MS;
    private static final int SCHEDULES = 2_000;
    private static final int MOST_FOR_A_DEFECT = 20_000;
    private static final LeaseTerms TERMS = SimulatedWorld.TERMS;
    private static final LeaseTerms HELD = new LeaseTerms(4 * S, 3 * S, S / 2, true);

    @RegisterExtension
    private final Seeds seeds = new Seeds();

    @Test
    void shouldNeverOpenTwoConnectionsWhateverTheSchedule() {
        int takeovers = 0;
        for (final long seed : seeds.rounds(SCHEDULES)) {
            final SimulatedWorld world = world(seed, LeaseMachine::new, TERMS);
            assertThat(world.highestOpen()).as("connections at the same time").isLessThanOrEqualTo(1);
            assertThat(world.hasOldEpoch()).as("an epoch that is not higher").isFalse();
            takeovers += world.takeovers();
        }
        assertThat(takeovers).as("takeovers in all schedules").isGreaterThan(4 * SCHEDULES);
    }

    @Test
    void shouldHaveAConnectionAgainSoonAfterEachKindOfEnd() {
        for (final long seed : seeds.rounds(SCHEDULES / 4)) {
            final SimulatedWorld world = world(seed, LeaseMachine::new, TERMS);
            // those that were killed last start again within six seconds
            world.runUntil(world.nowNs() + 7 * S);
            world.ingests().forEach(SimulatedIngest::calm);
            world.add(LeaseMachine::new, TERMS).calm();
            world.add(LeaseMachine::new, TERMS).calm();
            world.runUntil(world.nowNs() + 20 * S);
            assertThat(world.openCount()).as("live, once all is well").isEqualTo(1);

            world.active().kill();
            world.runUntil(world.nowNs() + TERMS.leaseNs() + TERMS.leaseNs() / 50 + 400 * MS);
            assertThat(world.openCount()).as("live after a kill, within the lease and 0.4 s").isEqualTo(1);

            world.runUntil(world.nowNs() + S);
            world.add(LeaseMachine::new, TERMS).calm();
            world.runUntil(world.nowNs() + S);
            world.active().handOver();
            world.runUntil(world.nowNs() + 500 * MS);
            assertThat(world.openCount()).as("live after a hand-over, within half a second").isEqualTo(1);
            assertThat(world.highestOpen()).isEqualTo(1);
        }
    }

    @Test
    void shouldHoldTheConnectionWithoutQuorumAndStillNeverHaveTwo() {
        for (final long seed : seeds.rounds(SCHEDULES / 4)) {
            final SimulatedWorld world = calm(seed, 3, HELD);
            final SimulatedIngest holder = world.active();
            final long awayNs = (1_000 + world.random().nextInt(60_000)) * MS;
            world.loseQuorum(awayNs);
            for (int i = 0; i < 200; i++) {
                world.runUntil(world.nowNs() + (awayNs + 20 * S) / 200);
                assertThat(holder.isOpen()).as("held at " + world.nowNs() / MS + " ms").isTrue();
            }
            assertThat(world.highestOpen()).isEqualTo(1);
            assertThat(world.takeovers()).as("nobody else took over").isEqualTo(1);
        }
    }

    @Test
    void shouldCloseWithoutQuorumAndConnectAgainByItself() {
        for (final long seed : seeds.rounds(SCHEDULES / 4)) {
            final SimulatedWorld world = calm(seed, 3, TERMS);
            world.loseQuorum(30 * S);
            world.runUntil(world.nowNs() + 5 * S);
            assertThat(world.openCount()).as("closed").isZero();
            world.runUntil(world.nowNs() + 25 * S + TERMS.leaseNs() + 2 * S);
            assertThat(world.openCount()).as("live again").isEqualTo(1);
            assertThat(world.highestOpen()).isEqualTo(1);
        }
    }

    @Test
    void shouldShowThatAProcessFrozenForLongerIsWhatALeaseCannotFence() {
        final SimulatedWorld world = calm(seeds.fresh(), 2, TERMS);
        world.active().pause(20 * S);
        world.runUntil(world.nowNs() + 10 * S);
        assertThat(world.openCount()).as("the frozen one, and its successor").isEqualTo(2);
        world.runUntil(world.nowNs() + 11 * S);
        assertThat(world.openCount()).as("it closes as soon as it runs").isEqualTo(1);
    }

    @Test
    void shouldFindAHolderThatCountsItsDeadlineFromTheAnswer() {
        assertFound((terms, name, id, epochMs, actions) -> new LeaseMachine(terms, name, id, epochMs, actions) {
            @Override
            long confirmedAt(final long sent, final long answered) {
                return answered;
            }
        });
    }

    @Test
    void shouldFindAHolderWithoutAFence() {
        assertFound((terms, name, id, epochMs, actions) -> new LeaseMachine(terms, name, id, epochMs, actions) {
            @Override
            boolean isFenced(final long nowNs) {
                return false;
            }
        });
    }

    @Test
    void shouldFindAHolderThatTakesItsOwnValueInTheKeyForARenewal() {
        assertFound((terms, name, id, epochMs, actions) -> new LeaseMachine(terms, name, id, epochMs, actions) {
            @Override
            boolean isRenewedByReading() {
                return true;
            }
        });
    }

    @Test
    void shouldFindARelayThatTakesAKeyWhichWasMissingForItsOwn() {
        assertFound((terms, name, id, epochMs, actions) -> new LeaseMachine(terms, name, id, epochMs, actions) {
            @Override
            LeaseRecord vacant(final long nextEpoch) {
                return new LeaseRecord(name, id, nextEpoch, terms.leaseNs() / MS, true);
            }
        });
    }

    @Test
    void shouldGoOnAfterTheKeyWasDeletedAsAfterAKill() {
        for (final long seed : seeds.rounds(SCHEDULES / 4)) {
            final SimulatedWorld world = calm(seed, 3, TERMS);
            world.runUntil(world.nowNs() + world.random().nextInt(1_000) * MS);
            world.deleteKey();
            world.runUntil(world.nowNs() + TERMS.leaseNs() + TERMS.leaseNs() / 50 + 400 * MS);
            assertThat(world.openCount()).as("live, within the lease and 0.4 s").isEqualTo(1);
            assertThat(world.highestOpen()).isEqualTo(1);
        }
    }

    @Test
    void shouldFindAFenceAsLateAsTheLease() {
        final LeaseTerms late = new LeaseTerms(TERMS.leaseNs(), TERMS.leaseNs(), TERMS.renewNs(), false);
        assertFound((terms, name, id, epochMs, actions) -> new LeaseMachine(late, name, id, epochMs, actions));
    }

    @Test
    void shouldFindAStoreThatDoesNotCompare() {
        boolean isFound = false;
        for (final long seed : seeds.rounds(MOST_FOR_A_DEFECT)) {
            final SimulatedWorld world = new SimulatedWorld(Seeds.random(seed)).withoutCompare();
            isFound |= run(world, LeaseMachine::new, TERMS).highestOpen() > 1;
            if (isFound) {
                break;
            }
        }
        assertThat(isFound).isTrue();
    }

    private void assertFound(final MachineFactory defect) {
        boolean isFound = false;
        for (final long seed : seeds.rounds(MOST_FOR_A_DEFECT)) {
            isFound |= world(seed, defect, TERMS).highestOpen() > 1;
            if (isFound) {
                break;
            }
        }
        assertThat(isFound).as("the defect opens two connections in one of " + MOST_FOR_A_DEFECT + " schedules")
            .isTrue();
    }

    private static SimulatedWorld world(final long seed, final MachineFactory machines, final LeaseTerms terms) {
        return run(new SimulatedWorld(Seeds.random(seed)), machines, terms);
    }

    /** Ten seconds of relays whose messages are neither lost nor slow: one is connected. */
    private static SimulatedWorld calm(final long seed, final int relays, final LeaseTerms terms) {
        final SimulatedWorld world = new SimulatedWorld(Seeds.random(seed));
        for (int i = 0; i < relays; i++) {
            world.add(LeaseMachine::new, terms).calm();
        }
        world.runUntil(10 * S);
        return world;
    }

    /** A minute of faults. */
    private static SimulatedWorld run(final SimulatedWorld world, final MachineFactory machines,
            final LeaseTerms terms) {
        final Random random = world.random();
        final boolean isDeleting = random.nextInt(4) == 0;
        final int count = 2 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            world.after(random.nextInt(3_000) * MS, () -> world.add(machines, terms));
        }
        long atNs = 0;
        while (atNs < 60 * S) {
            atNs += (200 + random.nextInt(5_000)) * MS;
            world.runUntil(atNs);
            fault(world, machines, terms, isDeleting);
        }
        return world;
    }

    private static void fault(final SimulatedWorld world, final MachineFactory machines, final LeaseTerms terms,
            final boolean isDeleting) {
        final Random random = world.random();
        // most faults hit the one that is connected
        final SimulatedIngest active = world.active();
        final SimulatedIngest hit = active != null && random.nextInt(4) > 0 ? active
            : world.ingests().isEmpty() ? null : world.ingests().get(random.nextInt(world.ingests().size()));
        if (hit == null || hit.isDead()) {
            return;
        }
        switch (random.nextInt(isDeleting ? 9 : 8)) {
            case 0 -> {
                hit.kill();
                world.after(random.nextInt(6_000) * MS, () -> world.add(machines, terms));
            }
            case 1 -> {
                hit.handOver();
                world.after(random.nextInt(6_000) * MS, () -> world.add(machines, terms));
            }
            case 2 -> world.loseQuorum(random.nextInt(10_000) * MS);
            case 3 -> hit.doubt();
            case 4 -> hit.pause(random.nextLong(SimulatedIngest.MAX_PAUSE_NS));
            case 8 -> world.deleteKey();
            default -> {
                // a network becomes slow, then it breaks; the process pauses when its fence is due
                final long slowNs = random.nextInt(3_000) * MS;
                hit.slowAnswers(slowNs);
                world.after(slowNs, () -> hit.cutOff(random.nextInt(10_000) * MS));
                world.after(slowNs + (2_000 + random.nextInt(2_000)) * MS,
                    () -> hit.pause(random.nextLong(SimulatedIngest.MAX_PAUSE_NS)));
            }
        }
    }

    @Test
    void shouldNameTheTimesOfTheDefaults() {
        final LongSupplier slowest = () -> (long) ((TERMS.fenceNs()) / (1 - SimulatedIngest.MAX_DRIFT))
            + SimulatedIngest.MAX_PAUSE_NS + 100 * MS;
        assertThat(slowest.getAsLong()).as("a holder has closed, before a standby takes over")
            .isLessThan((long) (TERMS.leaseNs() / (1 + SimulatedIngest.MAX_DRIFT)));
    }
}
