namespace Runback.Ci;

/// <summary>Scheduled jobs for a host without a CI system: text for a person to put where it belongs.</summary>
public static class HostSchedule
{
    /// <summary>A line of crontab and a systemd timer with its service, for each job that has a schedule.</summary>
    /// <param name="jobs">The jobs.</param>
    /// <param name="root">The checkout on that host.</param>
    /// <param name="user">The account that runs them there.</param>
    /// <exception cref="DeclarationException">The folder's or the account's name can't be written there as it is.</exception>
    public static string Of(IEnumerable<Job> jobs, string root, string user)
    {
        // crontab turns % into a line's end, systemd expands it too; both split at spaces.
        if (root.FirstOrDefault(letter => !char.IsAsciiLetterOrDigit(letter) && !"/-_.".Contains(letter)) is var odd and not '\0')
            throw new DeclarationException($"expected a checkout whose path holds letters, digits and / - _ . only, found `{odd}` in {root}");
        if (user.Length == 0 || user.Any(letter => !char.IsAsciiLetterOrDigit(letter) && letter is not ('-' or '_' or '.')))
            throw new DeclarationException($"expected an account's name, found `{user}`");
        return string.Join("\n", jobs.Where(job => job.Schedule is not null).Select(job => Text(job, root, user)));
    }

    private static string Text(Job job, string root, string user) => $"""
        # {job.Name}: {job.Description}
        # Either cron: /etc/cron.d/runback-{job.Name} (the times are UTC; a host on another clock needs them moved)
        {job.Schedule} {user} cd {root} && {job.Line} >> .nuke/temp/{job.Name}.log 2>&1

        # or systemd: /etc/systemd/system/runback-{job.Name}.service
        [Unit]
        Description={job.Description}
        Wants=docker.service
        After=docker.service

        [Service]
        Type=oneshot
        User={user}
        WorkingDirectory={root}
        ExecStart={root}/{job.Line[(job.Line.StartsWith("./", StringComparison.Ordinal) ? 2 : 0)..]}
        TimeoutStartSec={job.Minutes}min
        # The first signal ends a run in an orderly way, and that takes its time.
        TimeoutStopSec=5min

        # and /etc/systemd/system/runback-{job.Name}.timer, then: systemctl enable --now runback-{job.Name}.timer
        [Unit]
        Description=Starts runback-{job.Name}

        [Timer]
        {string.Join("\n", job.Schedule!.OnCalendar().Select(line => $"OnCalendar={line}"))}
        Persistent=true

        [Install]
        WantedBy=timers.target

        """.ReplaceLineEndings("\n");
}
