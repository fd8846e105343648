package penstock.lease;

import java.util.Random;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;

/**
 * A process with a clock of its own rate, whose network is slow, loses messages, or is cut off, and which may pause.
 * Owned by the test's thread.
 */
final class SimulatedIngest implements LeaseActions {
    /** Clocks may run faster or slower by so much. */
    static final double MAX_DRIFT = 0.02;
    /** A process may pause for so long, and closing takes at most a tenth of a second beside. */
    static final long MAX_PAUSE_NS = 500 * SimulatedWorld.MS;
    /** A thread wakes up late. */
    private static final long WAKE_NS = SimulatedWorld.MS / 2;
    private static final int MAX_CLOSING_MS = 100;
    private static final long EPOCH_MS = 1_795_197_922_000L;

    private final SimulatedWorld world;
    private final String name;
    private final String id;
    private final LongUnaryOperator clock;
    private final double rate;
    private final long skewMs;
    private final int lostOneIn;
    private final int slowOneIn;
    private LeaseMachine machine;
    private boolean isReliable;
    private boolean isDead;
    private boolean isOpen;
    private long pausedUntilNs;
    private long cutOffUntilNs;
    private long slowUntilNs;
    private long wake;

    /** Makes the machine under test, or one with a defect. */
    interface MachineFactory {
        LeaseMachine make(LeaseTerms terms, String name, String id, LongSupplier epochMs, LeaseActions actions);
    }

    SimulatedIngest(final SimulatedWorld world, final String name, final String id, final LongUnaryOperator clock,
            final double rate) {
        this.world = world;
        this.name = name;
        this.id = id;
        this.clock = clock;
        this.rate = rate;
        // wall clocks differ by hours: only epochs use them
        skewMs = world.random().nextInt(7_200_000) - 3_600_000;
        // a bad network hides what only a good one to the others shows
        lostOneIn = new int[] {20, 200, 2_000}[world.random().nextInt(3)];
        slowOneIn = new int[] {2, 10, 100}[world.random().nextInt(3)];
    }

    void start(final MachineFactory machines, final LeaseTerms terms) {
        machine = machines.make(terms, name, id, () -> EPOCH_MS + skewMs + world.nowNs() / SimulatedWorld.MS, this);
        run(() -> machine.onStart(localNs()));
    }

    boolean isOpen() {
        return isOpen;
    }

    boolean isDead() {
        return isDead;
    }

    /** Its messages are neither lost nor slow from now on. */
    void calm() {
        isReliable = true;
    }

    void pause(final long forNs) {
        pausedUntilNs = world.nowNs() + forNs;
    }

    boolean isPaused() {
        return world.nowNs() < pausedUntilNs;
    }

    /** No message leaves it or reaches it for so long. */
    void cutOff(final long forNs) {
        cutOffUntilNs = world.nowNs() + forNs;
    }

    /** Answers take almost as long as a request may, for so long. */
    void slowAnswers(final long forNs) {
        slowUntilNs = world.nowNs() + forNs;
    }

    /** The kernel closes the connections of a process that is killed. */
    void kill() {
        isDead = true;
        isOpen = false;
    }

    void handOver() {
        run(() -> machine.onHandOver(localNs()));
    }

    void doubt() {
        run(() -> machine.onDoubt(localNs()));
    }

    private long localNs() {
        return clock.applyAsLong(world.nowNs());
    }

    /** Runs on the process: later if it pauses, never if it is dead. Then it sleeps until its next deadline. */
    private void run(final Runnable task) {
        if (isDead) {
            return;
        }
        if (isPaused()) {
            world.at(pausedUntilNs, () -> run(task));
            return;
        }
        task.run();
        final long nextNs = machine.nextNs();
        final long mine = ++wake;
        if (nextNs != Long.MAX_VALUE && !isDead) {
            final long waitNs = (long) (Math.max(0, nextNs - localNs()) / rate) + WAKE_NS;
            world.after(waitNs, () -> {
                if (mine == wake) {
                    run(() -> machine.onTick(localNs()));
                }
            });
        }
    }

    @Override
    public void read(final long request) {
        send(request, 0, null);
    }

    @Override
    public void swap(final long request, final long revision, final String value) {
        send(request, revision, value);
    }

    private void send(final long request, final long revision, final String value) {
        final Consumer<KeyAnswer> answered = answer -> {
            if (!isLost()) {
                world.after(delayNs(false),
                    () -> run(() -> machine.onAnswer(request, answer, localNs())));
            }
        };
        if (!isLost()) {
            world.after(delayNs(true), () -> world.onRequest(revision, value, answered));
        } else if (world.random().nextBoolean()) {
            // a broken connection is noticed at once
            world.after(SimulatedWorld.MS, () -> run(() ->
                machine.onAnswer(request, KeyAnswer.failed("connection refused"), localNs())));
        }
    }

    private boolean isLost() {
        return world.nowNs() < cutOffUntilNs || !isReliable && world.random().nextInt(lostOneIn) == 0;
    }

    private long delayNs(final boolean isRequest) {
        final Random random = world.random();
        if (isReliable) {
            return (1 + random.nextInt(5)) * SimulatedWorld.MS;
        }
        if (world.nowNs() < slowUntilNs) {
            return (isRequest ? 1 + random.nextInt(10) : 800 + random.nextInt(150)) * SimulatedWorld.MS;
        }
        if (random.nextInt(slowOneIn) > 0) {
            return (1 + random.nextInt(20)) * SimulatedWorld.MS;
        }
        // a request that was given up may arrive after all
        return random.nextInt(isRequest && random.nextBoolean() ? 6_000 : 950) * SimulatedWorld.MS;
    }

    @Override
    public void held(final long epoch) {
        isOpen = true;
        world.onOpen(epoch);
    }

    @Override
    public void confirmed() {
        // there is nothing to log in again here
    }

    @Override
    public void lost(final String why) {
        world.after(world.random().nextInt(MAX_CLOSING_MS) * SimulatedWorld.MS, () -> run(() -> {
            isOpen = false;
            machine.onClosed(localNs());
        }));
    }

    @Override
    public void overdue() {
        // a relay would end: here it goes on and closes late, which the budget of a pause allows
        if (!isOpen) {
            throw new AssertionError("there was nothing to close");
        }
    }

    @Override
    public void status(final LeaseStatus status) {
        if (status.role() == LeaseStatus.Role.ACTIVE && status.epoch() == 0) {
            throw new AssertionError("a holder without an epoch");
        }
    }

    @Override
    public void ended() {
        isDead = true;
        if (isOpen) {
            throw new AssertionError("the lease was given away before the connections were closed");
        }
    }
}
