package penstock.venue.spec;

import java.util.List;
import java.util.Set;
import java.util.function.Function;
import penstock.config.ConfigSection;
import penstock.venue.rule.MessageMatch;
import penstock.venue.rule.MessageTemplate;
import penstock.venue.rule.TextMatch;

/** One step of the login. The steps run in order on every connection, before the first subscription. */
public sealed interface SessionStep permits SessionStep.AwaitText, SessionStep.Await, SessionStep.Send,
        SessionStep.Sleep {
    /**
     * Waits for a message by its characters, JSON or not.
     *
     * @param timeoutMs then the connection is given up
     */
    record AwaitText(TextMatch text, long timeoutMs) implements SessionStep {
    }

    /**
     * Waits for a message.
     *
     * @param match     the expected message
     * @param fail      a message that means that the login failed, null = none
     * @param isFatal   true: a failed login is final; false: retry after the back-off
     * @param timeoutMs then the connection is given up and retried
     */
    record Await(MessageMatch match, MessageMatch fail, boolean isFatal, long timeoutMs) implements SessionStep {
    }

    /** Sends a message. */
    record Send(MessageTemplate template, Function<String, String> environment) implements SessionStep {
        /**
         * The message. It may contain secrets: never log it.
         *
         * @throws IllegalStateException that names an environment variable that is not set
         */
        public String message() {
            return template.render(name -> List.of(Long.toString(System.currentTimeMillis())), environment);
        }

        @Override
        public String toString() {
            return "Send";
        }
    }

    /** Waits without sending. */
    record Sleep(long forMs) implements SessionStep {
    }

    /** Reaction to a failed login. */
    enum OnFail { FATAL, RETRY }

    /** Reads one step. */
    static SessionStep read(final ConfigSection section, final VenueVariables variables) {
        final long timeoutMs = section.durationMs("timeout", 10_000, 100, 600_000);
        final TextMatch text = TextMatch.read(section, "await-text", "await-matches");
        if (text != null || section.has("await-matches")) {
            return new AwaitText(text, timeoutMs);
        }
        if (section.has("await")) {
            final MessageMatch fail = section.has("fail") ? MessageMatch.read(section, "fail") : null;
            // a login with a value that was just changed may succeed with the next one
            final OnFail onFail = variables.hasChangingValues() ? OnFail.RETRY : OnFail.FATAL;
            final boolean isFatal = section.choice("on-fail", onFail, OnFail.class) == OnFail.FATAL;
            return new Await(MessageMatch.read(section, "await"), fail, isFatal, timeoutMs);
        }
        if (section.has("send")) {
            return new Send(variables.template(section, "send", section.text("send", ""), Set.of("nowMs")),
                variables.environment());
        }
        if (!section.has("sleep")) {
            section.problem("await", "is missing: a step has await-text, await-matches, await, send or sleep");
        }
        return new Sleep(section.durationMs("sleep", 1_000, 1, 600_000));
    }
}
