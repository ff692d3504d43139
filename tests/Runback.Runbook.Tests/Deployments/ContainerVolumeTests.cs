using Runback.Runbook.Deployments;

namespace Runback.Runbook.Tests.Deployments;

public sealed class ContainerVolumeTests
{
    [Theory]
    [InlineData("Filesystem     1024-blocks     Used Available Capacity Mounted on\n/dev/vda1         51290592 12345678  36305156      26% /var/lib/postgresql/data\n", "/var/lib/postgresql/data", 36305156)]
    [InlineData("Filesystem 1024-blocks Used Available Capacity Mounted on\n//server/a share 1 100 50 50 50% /mnt/with blank\n", "/mnt/with blank", 50)]
    public void Free_room_is_read_from_df(string table, string mount, long kilobytes) =>
        Assert.Equal(new ContainerVolume(mount, kilobytes * 1024), ContainerVolume.Read(table));

    [Theory]
    [InlineData("")]
    [InlineData("Filesystem 1024-blocks Used Available Capacity Mounted on\n")]
    [InlineData("df: /nowhere: No such file or directory\n")]
    public void Anything_else_tells_nothing(string table) => Assert.Null(ContainerVolume.Read(table));
}
