package penstock.lease.etcd;

import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import penstock.lease.KeyAnswer;

/**
 * The members of etcd. A question goes to the one that answered last, and to the next one when that fails, or has given
 * no answer in half the time: a follower passes writes on to a leader that has died until it knows of that, for one
 * second or two, and they are lost. All that were asked compare the same revision, so that one of them writes at most.
 *
 * <p>Any thread.
 */
final class EtcdMembers {
    private final List<URI> endpoints;
    private final long withinMs;
    private volatile int turn;

    /** Nothing is asked yet; {@code withinMs} is the time limit of each. */
    EtcdMembers(final List<URI> endpoints, final long withinMs) {
        this.endpoints = endpoints;
        this.withinMs = withinMs;
    }

    /** What one of them says; {@code isFinal}: it answers, or another one would fail, too. */
    record Answer(KeyAnswer answer, boolean isFinal) {
    }

    /** {@code question} asks a member and always completes with an answer; {@code answer} is called once. */
    void ask(final Function<URI, CompletableFuture<Answer>> question, final Consumer<KeyAnswer> answer) {
        new Round(question, turn, answer).next(0);
    }

    private final class Round {
        private final Function<URI, CompletableFuture<Answer>> question;
        private final int first;
        private final Consumer<KeyAnswer> answer;
        private final Executor later =
            CompletableFuture.delayedExecutor(withinMs / 2, TimeUnit.MILLISECONDS, Runnable::run);
        private int asked;
        private int failed;
        private boolean isOver;

        Round(final Function<URI, CompletableFuture<Answer>> question, final int first,
                final Consumer<KeyAnswer> answer) {
            this.question = question;
            this.first = first;
            this.answer = answer;
        }

        /** Asks that member, unless it was asked. */
        void next(final int member) {
            synchronized (this) {
                if (isOver || member != asked || member == endpoints.size()) {
                    return;
                }
                asked++;
            }
            question.apply(endpoints.get((first + member) % endpoints.size())).thenAccept(given -> {
                if (isLast(given)) {
                    turn = first + (given.isFinal ? member : 1) & Integer.MAX_VALUE;
                    answer.accept(given.answer);
                } else {
                    next(member + 1);
                }
            });
            later.execute(() -> next(member + 1));
        }

        private synchronized boolean isLast(final Answer given) {
            failed += given.isFinal ? 0 : 1;
            if (isOver || !given.isFinal && failed < endpoints.size()) {
                return false;
            }
            isOver = true;
            return true;
        }
    }
}
