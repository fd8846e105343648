package penstock.fanout.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import penstock.fanout.schedule.SubscriptionSchedule.State;
import penstock.testkit.Seeds;
import penstock.topic.IdSet;

/** Walks the diagram of {@link SubscriptionSchedule} at random and compares each state with a plain model. */
class FlushSchedulerModelTest {
    private static final long MS = 1_000_000;
    private static final long MAX_DELAY_NS = 10 * MS;

    /** One subscription, as the diagram has it. */
    private static final class Model {
        private SubscriptionSchedule schedule;
        private State state = State.DUE;
        private boolean isMarked;
        private long intervalNs;
        private long rateIntervalNs;
        private long deadlineNs;
        private long dueSinceNs;
    }

    @RegisterExtension
    private final Seeds seeds = new Seeds();
    private final FlushScheduler scheduler = new FlushScheduler(2);
    private final List<Model> models = new ArrayList<>();
    private long nowNs;

    @Test
    void shouldFollowTheDiagram() {
        for (final long seed : seeds.rounds(200)) {
            final Random random = Seeds.random(seed);
            nowNs = random.nextLong() >> 1;
            for (int step = 0; step < 500; step++) {
                step(random);
                nowNs += random.nextInt(4) == 0 ? random.nextInt(30) * MS : random.nextInt((int) MS);
                check("step " + step);
            }
            while (!models.isEmpty()) {
                end(models.get(0));
            }
            assertThat(scheduler.count()).isZero();
            assertThat(scheduler.isAnyDue()).isFalse();
            scheduler.expire(nowNs + 100_000 * MS);
            assertThat(scheduler.nextDeadlineNs()).isEqualTo(Long.MAX_VALUE);
        }
    }

    private void step(final Random random) {
        if (models.isEmpty() || models.size() < 60 && random.nextInt(6) == 0) {
            add(random);
            return;
        }
        final Model model = models.get(random.nextInt(models.size()));
        switch (random.nextInt(10)) {
            case 0 -> sent(model);
            case 1 -> rateLimited(model);
            case 2 -> block(model);
            case 3 -> unblock(model);
            case 4 -> request(model);
            case 5 -> change(random);
            case 6 -> expire();
            case 7 -> reschedule(model, random);
            case 8 -> pause(model);
            default -> {
                if (random.nextInt(8) == 0) {
                    end(model);
                }
            }
        }
    }

    private void add(final Random random) {
        final Model model = new Model();
        model.intervalNs = intervalNs(random);
        model.rateIntervalNs = intervalNs(random);
        model.schedule = scheduler.add(random.nextInt(2), 7, model.intervalNs, model.rateIntervalNs);
        models.add(model);
    }

    /** All pending data was sent. */
    private void sent(final Model model) {
        if (isDue(model)) {
            if (model.intervalNs > 0) {
                scheduler.hold(model.schedule, nowNs);
                hold(model, model.intervalNs);
            } else {
                scheduler.arm(model.schedule);
                model.state = State.ARMED;
                model.isMarked = false;
                model.dueSinceNs = 0;
            }
        }
    }

    private void rateLimited(final Model model) {
        if (isDue(model) && model.rateIntervalNs > 0) {
            scheduler.holdForRate(model.schedule, nowNs);
            hold(model, model.rateIntervalNs);
        }
    }

    private void hold(final Model model, final long intervalNs) {
        model.state = State.HOLDING;
        model.isMarked = false;
        model.deadlineNs = nowNs + intervalNs;
    }

    private void block(final Model model) {
        scheduler.block(model.schedule);
        if (model.state != State.HOLDING && model.state != State.PAUSED) {
            model.state = State.BLOCKED;
            model.isMarked = false;
        }
    }

    private void unblock(final Model model) {
        scheduler.unblock(model.schedule);
        if (model.state == State.BLOCKED) {
            model.state = State.DUE;
        }
    }

    private void request(final Model model) {
        scheduler.due(model.schedule);
        model.state = State.DUE;
    }

    /** A topic changed that about half of the subscriptions to its feed have. */
    private void change(final Random random) {
        final int feed = random.nextInt(2);
        final IdSet subscribers = new IdSet();
        for (final Model model : models) {
            if (model.schedule.feed() == feed && random.nextBoolean()) {
                subscribers.add(model.schedule.id());
                model.isMarked |= model.state == State.ARMED;
            }
        }
        scheduler.onChanged(feed, subscribers);
    }

    private void expire() {
        scheduler.expire(nowNs);
        for (final Model model : models) {
            if (model.state == State.HOLDING && model.schedule.state() == State.DUE) {
                assertThat(model.deadlineNs - nowNs).as("the deadline has come").isLessThanOrEqualTo(0);
                model.state = State.DUE;
                model.dueSinceNs = model.deadlineNs;
            } else if (model.state == State.HOLDING) {
                assertThat(model.deadlineNs - nowNs).as("a hold is over in time").isGreaterThan(-MAX_DELAY_NS);
            }
        }
    }

    private void reschedule(final Model model, final Random random) {
        model.intervalNs = intervalNs(random);
        model.rateIntervalNs = intervalNs(random);
        pause(model);
        scheduler.reschedule(model.schedule, model.intervalNs, model.rateIntervalNs);
    }

    private void pause(final Model model) {
        scheduler.pause(model.schedule);
        model.state = State.PAUSED;
        model.isMarked = false;
    }

    private void end(final Model model) {
        scheduler.end(model.schedule);
        scheduler.giveBack(model.schedule);
        models.remove(model);
        assertThat(model.schedule.isEnded()).isTrue();
    }

    private void check(final String as) {
        boolean isAnyArmed = false;
        long nextDeadlineNs = Long.MAX_VALUE;
        for (final Model model : models) {
            assertThat(model.schedule.state()).as(as).isEqualTo(model.state);
            assertThat(scheduler.isDue(model.schedule)).as(as).isEqualTo(isDue(model));
            assertThat(model.schedule.dueSinceNs()).as(as).isEqualTo(model.dueSinceNs);
            isAnyArmed |= model.state == State.ARMED;
            if (model.state == State.HOLDING && (nextDeadlineNs == Long.MAX_VALUE
                    || model.deadlineNs - nextDeadlineNs < 0)) {
                nextDeadlineNs = model.deadlineNs;
            }
        }
        assertThat(scheduler.isAnyArmed()).as(as).isEqualTo(isAnyArmed);
        assertThat(scheduler.count()).as(as).isEqualTo(models.size());
        if (nextDeadlineNs != Long.MAX_VALUE) {
            assertThat(scheduler.nextDeadlineNs() - nextDeadlineNs).as(as).isLessThanOrEqualTo(MAX_DELAY_NS);
        }
    }

    private static boolean isDue(final Model model) {
        return model.state == State.DUE || model.isMarked;
    }

    private static long intervalNs(final Random random) {
        return random.nextInt(4) * 50 * MS;
    }
}
