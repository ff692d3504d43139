using Runback.Runbook.Deployments;
using Runback.Runbook.Runs;

namespace Runback.Lab;

/// <summary>Tells a profile that describes a lab from one that describes a deployment which somebody needs.</summary>
public static class LabProfile
{
    /// <summary>
    /// Makes sure that practice happens on a lab only: a new one, or one that is there. A lab's image and address are on loopback, so a profile that
    /// names others is never one, wherever its folder is.
    /// </summary>
    /// <param name="options">The lab that the profile would describe.</param>
    /// <param name="deployment">What the profile describes.</param>
    /// <exception cref="RunbookException">The profile is no lab's. Nothing was changed.</exception>
    public static void Require(LabOptions options, Deployment deployment)
    {
        if (deployment.Image != options.Image || !deployment.BaseUrl.IsLoopback)
        {
            throw RunbookException.Refused(
                $"expected a lab's profile (an image on localhost, an address on loopback), found {deployment.Image} at {deployment.BaseUrl}",
                "practice is never held on a deployment that somebody needs: run it with --profile lab, or hold a drill on a copy: ./build.sh Drill --beside");
        }
        if (!new DeploymentFolder(options).IsLab && Directory.Exists(options.Directory) && Directory.EnumerateFileSystemEntries(options.Directory).Any())
        {
            throw RunbookException.Refused(
                $"expected {options.Directory} to be missing, empty or a lab's, found other files in it", "run it with --profile lab, or give the lab a folder of its own");
        }
    }
}
