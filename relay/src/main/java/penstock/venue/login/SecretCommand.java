package penstock.venue.login;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs a command and takes what it prints. No shell: words are separated by blanks, and {@code '} quotes one with
 * blanks. The command reads nothing, and what it writes to its error output is dropped, because it may be secret.
 * Stateless; blocks.
 */
final class SecretCommand {
    static final long TIMEOUT_MS = 10_000;
    private static final Pattern WORD = Pattern.compile("'([^']*)'|([^\\s']+)");
    /** Output is looked for this often: a read of a pipe could not be interrupted. */
    private static final long POLL_MS = 5;

    private SecretCommand() {
    }

    static String run(final String command) throws LoginException, InterruptedException {
        return run(command, TIMEOUT_MS);
    }

    static String run(final String command, final long timeoutMs) throws LoginException, InterruptedException {
        final List<String> words = words(command);
        // its arguments may be secret
        final String what = "command " + (words.isEmpty() ? "" : words.get(0));
        final Process process = start(what, words);
        try {
            final byte[] output = output(what, process, System.nanoTime() + timeoutMs * 1_000_000, timeoutMs);
            if (output.length <= SecretFile.MAX_BYTES && process.exitValue() != 0) {
                throw new LoginException(what + " ended with code " + process.exitValue());
            }
            return SecretFile.text("the output of " + what, output);
        } catch (final IOException e) {
            throw new LoginException(what + ": its output cannot be read");
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static List<String> words(final String command) {
        final List<String> words = new ArrayList<>();
        final Matcher matcher = WORD.matcher(command);
        while (matcher.find()) {
            words.add(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
        }
        return words;
    }

    private static Process start(final String what, final List<String> words) throws LoginException {
        if (words.isEmpty()) {
            throw new LoginException("{exec:} names no command");
        }
        try {
            return new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.DISCARD)
                .redirectInput(new File("/dev/null")).start();
        } catch (final IOException e) {
            throw new LoginException(what + " cannot be started; give the whole path of a program");
        }
    }

    /** All that is printed until the command ends; a child of it that goes on printing does not count. */
    private static byte[] output(final String what, final Process process, final long untilNs, final long timeoutMs)
            throws LoginException, IOException, InterruptedException {
        final ByteArrayOutputStream output = new ByteArrayOutputStream();
        final InputStream in = process.getInputStream();
        final byte[] part = new byte[4 << 10];
        boolean isEnded = false;
        while (true) {
            final int available = in.available();
            if (available > 0) {
                output.write(part, 0, in.read(part, 0, Math.min(available, part.length)));
            }
            if (output.size() > SecretFile.MAX_BYTES || available <= 0 && isEnded) {
                return output.toByteArray();
            }
            if (System.nanoTime() - untilNs > 0) {
                throw new LoginException(what + " did not end within " + timeoutMs + " ms");
            }
            // once more after its end: the last bytes
            isEnded = available > 0 ? isEnded : process.waitFor(POLL_MS, TimeUnit.MILLISECONDS);
        }
    }
}
