namespace Orleans.Runtime;

/// <summary>What call filters see of a timer's tick. Its name is Orleans' own.</summary>
internal interface IGrainTimerInvoker
{
    Task InvokeCallbackAsync();
}
