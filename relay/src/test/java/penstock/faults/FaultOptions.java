package penstock.faults;

/**
 * What a run was asked for.
 *
 * @param count repetitions of what a scenario repeats; 0 = as many as it does by itself
 * @param sessions subscribers
 * @param perSecond updates of the venue
 * @param minutes how long a soak lasts
 * @param seed of everything random
 */
record FaultOptions(int count, int sessions, int perSecond, int minutes, long seed) {
    static final String USAGE = "--count N (repetitions), --sessions N (200), --rate N (2000 updates a second), "
        + "--minutes N (30, of a soak), --seed N (a fresh one)";

    /** Reads what stands behind the name of the scenario. */
    static FaultOptions parse(final String[] arguments) {
        int count = 0;
        int sessions = 200;
        int perSecond = 2_000;
        int minutes = 30;
        long seed = System.nanoTime() & 0xff_ffff_ffffL;
        for (int i = 1; i < arguments.length; i += 2) {
            if (i + 1 == arguments.length) {
                throw new IllegalArgumentException(arguments[i] + " needs a number");
            }
            final long number = number(arguments[i], arguments[i + 1]);
            switch (arguments[i]) {
                case "--count" -> count = (int) number;
                case "--sessions" -> sessions = (int) number;
                case "--rate" -> perSecond = (int) number;
                case "--minutes" -> minutes = (int) number;
                case "--seed" -> seed = number;
                default -> throw new IllegalArgumentException("there is no " + arguments[i] + ", only " + USAGE);
            }
        }
        return new FaultOptions(count, sessions, perSecond, minutes, seed);
    }

    /** Repetitions: as asked for, or {@code byItself}. */
    int count(final int byItself) {
        return count == 0 ? byItself : count;
    }

    private static long number(final String name, final String text) {
        try {
            final long number = Long.parseLong(text);
            if (number > 0) {
                return number;
            }
        } catch (final NumberFormatException e) {
            // reported below, like a number that is not positive
        }
        throw new IllegalArgumentException(name + " needs a number above 0, got " + text);
    }
}
