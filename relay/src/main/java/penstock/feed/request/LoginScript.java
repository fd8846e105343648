package penstock.feed.request;

import java.nio.charset.StandardCharsets;
import java.util.List;
import penstock.text.PrintableText;
import penstock.time.FeedClock;
import penstock.time.SingleTimer;
import penstock.upstream.SendQueue;
import penstock.venue.spec.SessionStep;

/** Runs the venue's login script on one connection. Owned by the feed thread. */
public final class LoginScript {
    private final List<SessionStep> steps;
    private final SendQueue queue;
    private final LineListener listener;
    private int done;
    private final SingleTimer timer;

    public LoginScript(final List<SessionStep> steps, final FeedClock clock, final SendQueue queue,
            final LineListener listener) {
        this.steps = steps;
        timer = new SingleTimer(clock);
        this.queue = queue;
        this.listener = listener;
    }

    public void start() {
        advance();
    }

    public boolean isDone() {
        return done == steps.size();
    }

    /** True if the script awaited this frame, or if the frame says that the login failed. */
    public boolean onText(final byte[] frame, final int offset, final int length) {
        if (isDone()) {
            return false;
        }
        final SessionStep step = steps.get(done);
        if (step instanceof SessionStep.AwaitText await && await.text().matches(frame, offset, length)) {
            onAwaited();
            return true;
        }
        if (step instanceof SessionStep.Await await) {
            return onMessage(await, frame, offset, length);
        }
        return false;
    }

    public void stop() {
        done = steps.size();
        timer.cancel();
    }

    private boolean onMessage(final SessionStep.Await await, final byte[] frame, final int offset, final int length) {
        if (await.fail() != null && await.fail().matches(frame, offset, length)) {
            stop();
            listener.onLoginFailed("venue rejected the login: " + PrintableText.excerpt(frame, offset, length),
                await.isFatal());
            return true;
        }
        if (await.match().matches(frame, offset, length)) {
            onAwaited();
            return true;
        }
        return false;
    }

    private void onAwaited() {
        timer.cancel();
        done++;
        advance();
    }

    private void advance() {
        while (!isDone() && steps.get(done) instanceof SessionStep.Send send) {
            done++;
            try {
                queue.request(send.message().getBytes(StandardCharsets.UTF_8), () -> { });
            } catch (IllegalStateException e) {
                stop();
                listener.onLoginFailed(e.getMessage(), true);
                return;
            }
        }
        if (isDone()) {
            listener.onLoggedIn();
        } else if (steps.get(done) instanceof SessionStep.Sleep sleep) {
            timer.set(() -> {
                done++;
                advance();
            }, sleep.forMs());
        } else {
            final SessionStep step = steps.get(done);
            final long timeoutMs = step instanceof SessionStep.AwaitText text ? text.timeoutMs()
                : ((SessionStep.Await) step).timeoutMs();
            timer.set(() -> onTimeout(timeoutMs), timeoutMs);
        }
    }

    private void onTimeout(final long timeoutMs) {
        final int step = done + 1;
        stop();
        listener.onLoginFailed("step " + step + " of the login got no answer within " + timeoutMs + " ms", false);
    }
}
