package penstock.feed.request;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import penstock.text.PrintableText;
import penstock.time.FeedClock;
import penstock.venue.spec.SessionStep;

/** Walks through the venue's login on one connection. Owned by the feed thread. */
public final class LoginScript {
    private final List<SessionStep> steps;
    private final FeedClock clock;
    private final Owner owner;
    private int done;
    private FeedClock.Timer timer;

    /** Who logs in. */
    public interface Owner {
        void onLoginMessage(String message);

        void onLoggedIn();

        /** {@code isFatal}: trying again would not help. */
        void onLoginFailed(String detail, boolean isFatal);
    }

    public LoginScript(final List<SessionStep> steps, final FeedClock clock, final Owner owner) {
        this.steps = steps;
        this.clock = clock;
        this.owner = owner;
    }

    public void start() {
        advance();
    }

    public boolean isDone() {
        return done == steps.size();
    }

    /**
     * True when the frame was the one waited for, or says that the login failed; any other frame is none of its
     * business.
     */
    public boolean onText(final byte[] frame, final int offset, final int length) {
        if (isDone()) {
            return false;
        }
        final SessionStep step = steps.get(done);
        if (step instanceof SessionStep.AwaitText await && is(await.text(), frame, offset, length)) {
            take();
            return true;
        }
        if (step instanceof SessionStep.Await await) {
            return onMessage(await, frame, offset, length);
        }
        return false;
    }

    /** Nothing more happens. */
    public void stop() {
        done = steps.size();
        if (timer != null) {
            timer.cancel();
        }
    }

    private boolean onMessage(final SessionStep.Await await, final byte[] frame, final int offset, final int length) {
        if (await.fail() != null && await.fail().matches(frame, offset, length)) {
            stop();
            owner.onLoginFailed("the venue refused the login: " + PrintableText.excerpt(frame, offset, length),
                await.isFatal());
            return true;
        }
        if (await.match().matches(frame, offset, length)) {
            take();
            return true;
        }
        return false;
    }

    private void take() {
        timer.cancel();
        done++;
        advance();
    }

    private void advance() {
        while (!isDone() && steps.get(done) instanceof SessionStep.Send send) {
            done++;
            try {
                owner.onLoginMessage(send.message());
            } catch (IllegalStateException e) {
                stop();
                owner.onLoginFailed(e.getMessage(), true);
                return;
            }
        }
        if (isDone()) {
            owner.onLoggedIn();
        } else if (steps.get(done) instanceof SessionStep.Sleep sleep) {
            timer = clock.executeAfter(() -> {
                done++;
                advance();
            }, sleep.forMs());
        } else {
            final SessionStep step = steps.get(done);
            final long timeoutMs = step instanceof SessionStep.AwaitText text ? text.timeoutMs()
                : ((SessionStep.Await) step).timeoutMs();
            timer = clock.executeAfter(() -> onTimeout(timeoutMs), timeoutMs);
        }
    }

    private void onTimeout(final long timeoutMs) {
        final int step = done + 1;
        stop();
        owner.onLoginFailed("what step " + step + " of the login awaits did not come within " + timeoutMs + " ms",
            false);
    }

    private static boolean is(final String text, final byte[] frame, final int offset, final int length) {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return Arrays.equals(bytes, 0, bytes.length, frame, offset, offset + length);
    }
}
