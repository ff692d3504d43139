// A build in this process uses the console and NukeBuild's statics, of which there is one.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
